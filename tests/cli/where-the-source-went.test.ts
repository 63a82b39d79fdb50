import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect } from 'vitest'
import type { Finding } from '../../src/model/finding.ts'
import type { Report } from '../../src/model/report.ts'
import { firstbreak } from '../support/command-line.ts'
import { buildImage, needsEngine } from '../support/engine.ts'
import { type LayerContent, saveImage, type TarRecord } from '../support/images.ts'
import { nativePython, needsNative } from '../support/native.ts'
import { testNeeding } from '../support/needs.ts'
import { type Files, makeRepository } from '../support/repository.ts'
import { temporaryFolder } from '../support/temporary.ts'

/** The layers of an image, and the instructions that made them; or an image that the engine holds. */
type Image = string | { readonly layers: readonly LayerContent[]; readonly instructions?: readonly string[] }

/** Where a run found the source, its findings by code, path and place, and what it says of them. */
async function look(files: Files, image: Image, ...more: string[]) {
  await using folder = await temporaryFolder()
  const repository = join(folder.path, 'repository')
  await makeRepository(repository, files)
  const reference = typeof image === 'string' ? image : '../image.tar'
  if (typeof image !== 'string') {
    const { layers, instructions = [] } = image
    await saveImage(join(folder.path, 'image.tar'), layers, { instructions })
  }
  const args = ['--image', reference, '--interpreters', 'native', '--deploy-python', '3.11', '--dev-python', '3.11']
  const { code, out, err } = await firstbreak(repository, [
    ...args,
    ...more,
    '--format',
    'text',
    '--format',
    'json=../report.json',
  ])
  expect(err).toBe('')
  const report: Report = JSON.parse(await readFile(join(folder.path, 'report.json'), 'utf8'))
  const mappings = report.mappings.map(
    ({ imageDirectory, sourceDirectory, from, equal, compared, saidBy }) =>
      `${imageDirectory}=${sourceDirectory} ${from} ${equal}/${compared} ${saidBy}`,
  )
  return { code, mappings, findings: report.findings.map(told), text: out.replaceAll(/\s+/g, ' ') }
}

function told({ code, severity, path, evidence }: Finding): string {
  const { rule, copies, copiedBy, deletedBy, imagePath, layer } = evidence
  const lines = [copies ?? copiedBy ?? []].flat().map(({ from }) => from)
  const why = rule === undefined ? lines.join(' ') : `${rule.file}:${rule.line} ${rule.text}`
  const parts = [severity, code, path, imagePath, why, (deletedBy ?? layer)?.createdBy]
  return parts.filter(part => part !== undefined && part !== null && part !== '').join(' ')
}

testNeeding(needsEngine, needsNative('3.11'))(
  'an image of several stages, without what .dockerignore and COPY leave out',
  async () => {
    const files = {
      'src/app/__init__.py': '# app\n',
      'src/app/a.py': 'a = 1\n',
      'src/app/dropped/b.py': 'b = 1\n',
      'src/start.prod.py': 'start = 1\n',
      'tests/t.py': 't = 1\n',
      'empty/e.py': '',
      '.dockerignore': '# what no container needs\n**/dropped\n',
      Dockerfile: `FROM scratch AS build
WORKDIR /build
COPY . .
FROM scratch
WORKDIR /srv
COPY --from=build /build/src/app ./app
COPY src/start.prod.py start.py
COPY empty other
`,
    }
    await using image = await buildImage(files)
    const { mappings, findings, text } = await look(files, image.reference)
    expect(mappings).toEqual([
      '/srv=src content 2/2 Dockerfile:6',
      '/srv/start.py=src/start.prod.py content 1/1 Dockerfile:7',
      '/srv/other=empty dockerfile 1/1 Dockerfile:8',
    ])
    expect(findings).toEqual([
      'note missing-from-image src/app/dropped/b.py .dockerignore:2 **/dropped',
      'note missing-from-image tests/t.py Dockerfile:3 Dockerfile:7 Dockerfile:8',
    ])
    expect(text).toContain('image /srv holds src (2 of 2 files with equal bytes, as Dockerfile:6 says)')
    expect(text).toContain('the rule **/dropped (.dockerignore:2) keeps it out of the build')
    expect(text).toContain('no instruction brings it into the image (Dockerfile:3 COPY . ., Dockerfile:7')
  },
)

testNeeding(needsNative('3.11'))('what a layer deleted, what one made, and what is there twice', async () => {
  const sources = {
    'app/a.py': 'a = 1\n',
    'app/b.py': 'b = 1\n',
    'app/c.py': 'c = 1\n',
    'app/gone.py': 'gone = 1\n',
    'app/dir/gone.py': 'gone = 2\n',
  }
  const Dockerfile =
    'FROM python:3.11\nWORKDIR /srv\nCOPY . .\nCOPY <<EOF app/held.py\nheld = 1\nEOF\nRUN pip install .\n'
  const copied = Object.fromEntries(Object.entries(sources).map(([path, content]) => [`srv/${path}`, content]))
  const library = 'usr/local/lib/python3.11/site-packages'
  const installed = {
    [`${library}/app/a.py`]: 'a = 1\n',
    [`${library}/app/b.py`]: 'b = 1\n',
    [`${library}/app/c.py`]: 'c = 0\n',
  }
  const last: readonly TarRecord[] = [
    { name: 'srv/app/.wh.gone.py' },
    { name: 'srv/app/.wh.dir' },
    { name: 'srv/app/made.py', content: 'made = 1\n' },
    { name: 'srv/app/held.py', content: 'held = 1\n' },
    { name: 'srv/app/__pycache__/x.py', content: 'x = 1\n' },
  ]
  const instructions = ['COPY . . # buildkit', 'RUN pip # buildkit', 'RUN rm # buildkit']
  const image = { layers: [copied, installed, last], instructions }
  const { mappings, findings, text } = await look({ ...sources, Dockerfile }, image)
  expect(mappings).toEqual(['/srv= content 3/3 Dockerfile:3', `/${library}= content 2/3 null`])
  expect(findings).toEqual([
    `warning altered-in-image app/c.py /${library}/app/c.py RUN pip # buildkit`,
    'warning missing-from-image app/dir/gone.py /srv/app/dir/gone.py Dockerfile:3 RUN rm # buildkit',
    'warning missing-from-image app/gone.py /srv/app/gone.py Dockerfile:3 RUN rm # buildkit',
    'warning unexpected-in-image srv/app/made.py /srv/app/made.py RUN rm # buildkit',
  ])
  expect(text).toContain(
    `The image holds the file at /${library}/app/c.py and at /srv/app/c.py: Python imports the one`,
  )
  expect(text).toContain('Dockerfile:4 itself writes /srv/app/held.py')
  expect(text).toMatch(/layer 2 \(\w+\) deleted it: RUN rm/)
})

testNeeding(needsNative('3.11'))('a directory that the source does not have', async () => {
  const files = { 'app/a.py': 'a = 1\n', 'app/b.py': 'b = 1\n', '.gitignore': 'generated\n' }
  const copied = { 'srv/app/a.py': 'a = 1\n', 'srv/app/b.py': 'b = 1\n' }
  const made = {
    'srv/app/generated/__init__.py': '',
    'srv/app/generated/c.py': 'c = = 1\n',
    'srv/vendor/six-1.dist-info/METADATA': 'Name: six\n',
    'srv/vendor/six.py': 'six = 6\n',
  }
  const one = { 'srv/app/generated/d.py': 'd = 1\n' }
  const image = { layers: [copied, made, one], instructions: ['COPY . .', 'RUN protoc', 'RUN last'] }
  const { code, findings, text } = await look(files, image)
  const expected = [
    'warning unexpected-in-image /srv/app/generated RUN protoc',
    'warning unexpected-in-image srv/app/generated/d.py /srv/app/generated/d.py RUN last',
  ]
  expect({ code, findings }).toEqual({ code: 0, findings: expected })
  expect(text).toContain('holds 2 Python files below /srv/app/generated, which the upload does not have. Layer 1 (')
  expect(text).toContain('RUN protoc, wrote them. srv/app/generated/__init__.py srv/app/generated/c.py')
  expect(text).toContain('3 Python files in directories that the source does not have were not compiled: --dep')

  const judged = await look(files, image, '--dependencies')
  const rejected = 'warning broken-source srv/app/generated/c.py /srv/app/generated/c.py RUN protoc'
  expect(judged).toMatchObject({ code: 0, findings: [expected[0], rejected, expected[1]] })
  expect(judged.text).not.toContain('were not compiled')
  expect(await look(files, image, '--fail-on', 'warning')).toMatchObject({ code: 1, findings: expected })
  expect(await look(files, image, '--exclude', 'app/generated/**')).toMatchObject({ code: 0, findings: [] })
})

/** No content that is in two places by chance. */
const longEnough = `e = '${'1'.repeat(100)}'\n`

testNeeding(needsNative('3.11'))('directories that a layer moved', async () => {
  const sources = {
    'app/__init__.py': '# app\n',
    'app/a.py': 'a = 1\n',
    'app/b.py': 'b = 1\n',
    'jobs/c.py': 'c = 1\n',
    'jobs/d.py': 'd = 1\n',
    'kept/e.py': longEnough,
  }
  const Dockerfile = 'FROM python:3.11\nCOPY . /srv/\nRUN mv app service\n'
  const copied = Object.fromEntries(Object.entries(sources).map(([path, content]) => [`srv/${path}`, content]))
  const moved: readonly TarRecord[] = [
    { name: 'srv/.wh.app' },
    { name: 'srv/service/__init__.py', content: '# app\n' },
    { name: 'srv/service/a.py', content: 'a = 1\n' },
    { name: 'srv/service/b.py', content: 'b = 1\n' },
    { name: 'srv/jobs/.wh.c.py' },
    { name: 'srv/jobs/late/c.py', content: 'c = 1\n' },
    { name: 'srv/backup/e.py', content: longEnough },
  ]
  const image = { layers: [copied, moved], instructions: ['COPY . /srv/', 'RUN mv'] }
  const { code, findings, text } = await look({ ...sources, Dockerfile }, image)
  expect({ code, findings }).toEqual({ code: 0, findings: [] })
  const by = /by layer 1 \(\w{8}\), RUN mv/.source
  const fails = ': an import by its own name does not find it there'
  expect(text).toMatch(new RegExp(`/srv/service holds app, moved there from /srv/app ${by}${fails} \\(3 of 3 files`))
  expect(text).toMatch(new RegExp(`/srv/jobs/late holds jobs, moved there from /srv/jobs ${by} \\(1 of 1 file `))
  expect(text).toContain('/srv/backup holds kept (1 of 1 file ')
  const unknown = await look(sources, image)
  expect(unknown.text).not.toContain('moved there')
})

testNeeding(needsNative('3.11'))('a package that pip installed, with what it has vendored', async () => {
  await using folder = await temporaryFolder()
  const project = `[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"
[project]
name = "thing"
version = "1"
[tool.setuptools.packages.find]
where = ["src"]
`
  const files = {
    'pyproject.toml': project,
    'src/thing/__init__.py': '# thing\n',
    'src/thing/a.py': 'a = 1\n',
    'src/thing/sub/__init__.py': '# sub\n',
    'src/thing/vendor/__init__.py': '# vendor\n',
    'src/thing/vendor/six.py': 'six = 6\n',
    'tests/t.py': 't = 1\n',
  }
  await makeRepository(join(folder.path, 'project'), files)
  const { executable } = nativePython('3.11')!
  const options = ['--no-build-isolation', '--no-deps', '--no-index', '--no-compile', '--target', '../installed']
  await execa(executable!, ['-m', 'pip', 'install', ...options, '.'], { cwd: join(folder.path, 'project') })
  const installed = join(folder.path, 'installed')
  const paths = (await readdir(installed, { recursive: true })).filter(path => path.endsWith('.py'))
  const library = 'usr/local/lib/python3.11/site-packages'
  const image: Record<string, Uint8Array | string> = { [`${library}/six.py`]: 'six = 6\n' }
  for (const path of paths) image[`${library}/${path}`] = await readFile(join(installed, path))
  const { mappings, findings } = await look(files, { layers: [image] })
  expect(mappings).toEqual([`/${library}=src content 5/5 null`])
  expect(findings).toEqual(['warning missing-from-image tests/t.py'])
})

testNeeding(needsNative('3.11'))(
  'the Dockerfile speaks for an image whose layers deleted all that it put there',
  async () => {
    const files = {
      'src/shop/__init__.py': '# shop\n',
      'src/shop/a.py': 'a = 1\n',
      'test_shop.py': 't = 1\n',
      Dockerfile: 'FROM scratch\nWORKDIR /build\nCOPY . .\nRUN pip install . && rm -rf /build\n',
    }
    const library = 'usr/lib/python3.11/site-packages'
    const { mappings, findings, text } = await look(files, {
      layers: [
        Object.fromEntries(Object.entries(files).map(([path, content]) => [`build/${path}`, content])),
        {
          '.wh.build': '',
          [`${library}/shop/__init__.py`]: '# shop\n',
          [`${library}/shop/a.py`]: 'a = 1\n',
        },
      ],
      instructions: ['COPY . .', 'RUN pip install . && rm -rf /build'],
    })
    expect(mappings).toEqual([`/${library}=src content 2/2 null`])
    expect(findings).toEqual([
      'warning missing-from-image test_shop.py /build/test_shop.py Dockerfile:3 RUN pip install . && rm -rf /build',
    ])
    expect(text).not.toContain('did not make')
  },
)

testNeeding(needsNative('3.11'))(
  'an image that holds nothing of the source where it is said to be is not clean',
  async () => {
    const files = { 'app/a.py': 'a = 1\n', Dockerfile: 'FROM scratch\nCOPY app /srv/app\nRUN rm -r /srv\n' }
    const image = {
      layers: [{ 'srv/app/a.py': 'a = 1\n', 'lib/b.py': 'b = 1\n' }, { '.wh.srv': '' }],
      instructions: ['COPY app /srv/app', 'RUN rm -r /srv'],
    }
    const deleted = await look(files, image)
    expect(deleted.text).toMatch(/^UNDECIDED .* nothing of the source was found in image: is it the right image\?/)
    expect(deleted.findings).toEqual(['error undecided'])
    const mapped = await look(files, image, '--map', '/lib=.')
    expect(mapped.text).toMatch(/^UNDECIDED .* nothing of the source stands in image where --map says: is it the right/)
  },
)
