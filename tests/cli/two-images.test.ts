import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { firstbreak } from '../support/command-line.ts'
import { type LayerContent, saveImage, sha256 } from '../support/images.ts'
import { type Files, makeRepository } from '../support/repository.ts'
import { temporaryFolder } from '../support/temporary.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeEach(async () => {
  folder = await temporaryFolder()
})
afterEach(() => folder[Symbol.asyncDispose]())

const at = (name: string) => join(folder.path, name)
const source: Files = { 'app/a.py': 'a = 1\n', 'app/b.py': 'b = 1\n', 'app/c.py': 'c = 1\n', 'app/d.py': 'd = 1\n' }
const copied = (directory: string, files: Files = source) =>
  Object.fromEntries(Object.entries(files).map(([path, text]) => [`${directory}/${path}`, text]))
const osRelease = (name: string, version: string) => ({ 'etc/os-release': `NAME="${name}"\nVERSION_ID=${version}\n` })

interface Built {
  readonly layers: readonly LayerContent[]
  readonly instructions: readonly string[]
  readonly environment: readonly string[]
}

async function run(images: Readonly<Record<string, Built>>, ...more: string[]) {
  return runOf(source, images, ...more)
}

async function runOf(files: Files, images: Readonly<Record<string, Built>>, ...more: string[]) {
  await makeRepository(at('repository'), files)
  const args: string[] = ['--interpreters', 'embedded', '--dev-python', '3.12', '--upload', 'none']
  for (const [name, { layers, ...options }] of Object.entries(images)) {
    await saveImage(at(`${name}.tar`), layers, options)
    args.push('--image', `${name}=${at(`${name}.tar`)}`)
  }
  const outputs = ['--format', 'text', '--format', 'json=../report.json']
  const { code, out, err } = await firstbreak(at('repository'), [...args, ...outputs, ...more], {})
  expect(err).toBe('')
  const report = JSON.parse(await readFile(at('report.json'), 'utf8'))
  const schema = JSON.parse(await readFile('src/report/report.schema.json', 'utf8'))
  const validate = new Ajv2020().compile(schema)
  expect(validate(report), JSON.stringify(validate.errors)).toBe(true)
  return { code, out, report }
}

const local: Built = {
  layers: [
    { ...osRelease('Debian GNU/Linux', '12'), 'lib/x86_64-linux-gnu/libc.so.6': '' },
    copied('srv'),
    { 'srv/app/b.py': 'b = 2\n', 'srv/app/made.py': 'm = 1\n' },
  ],
  instructions: ['FROM debian', 'COPY . .', 'RUN sed -i s/1/2/ app/b.py && make'],
  environment: ['PYTHON_VERSION=3.12.4', 'LANG=C.UTF-8'],
}
const cloud: Built = {
  layers: [
    { ...osRelease('Alpine Linux', '3.19.1'), 'lib/ld-musl-x86_64.so.1': '' },
    copied('workspace'),
    { 'workspace/app/made.py': 'm = 2\n', 'workspace/app/.wh.d.py': '' },
  ],
  instructions: ['FROM alpine', 'COPY . /workspace', 'RUN make && rm app/d.py'],
  environment: ['PYTHON_VERSION=3.11.9'],
}

const inImage = (built: Built, index: number, imagePath: string, text: string) => ({
  imagePath,
  sha256: sha256(text),
  layer: { index, diffId: expect.stringMatching(/^sha256:/), createdBy: built.instructions[index] },
})

test('two images are compared with each other as well as with the source', async () => {
  const { code, out, report } = await run({ local, cloud })
  expect(code).toBe(0)
  expect(report.comparisons).toEqual([
    {
      images: ['local', 'cloud'],
      same: 2,
      differing: [
        {
          path: 'app/b.py',
          held: [inImage(local, 2, '/srv/app/b.py', 'b = 2\n'), inImage(cloud, 1, '/workspace/app/b.py', 'b = 1\n')],
        },
        { path: 'app/d.py', held: [inImage(local, 1, '/srv/app/d.py', 'd = 1\n'), null] },
        {
          path: 'srv/app/made.py',
          held: [
            inImage(local, 2, '/srv/app/made.py', 'm = 1\n'),
            inImage(cloud, 2, '/workspace/app/made.py', 'm = 2\n'),
          ],
        },
      ],
      differences: [
        { of: 'python', values: ['3.12.4', '3.11.9'] },
        { of: 'distribution', values: ['Debian 12', 'Alpine Linux 3.19.1'] },
        { of: 'libc', values: ['glibc', 'musl'] },
        { of: 'LANG', values: ['C.UTF-8', null] },
      ],
    },
  ])
  // What differs between them differs from the source in one of them at least, and has its finding.
  expect(report.findings.map((each: { code: string; path: string }) => `${each.code} ${each.path}`)).toEqual([
    'altered-in-image app/b.py',
    'missing-from-image app/d.py',
    'unexpected-in-image srv/app/made.py',
    'unexpected-in-image srv/app/made.py',
  ])
  const section = out.split('\n\n').find(block => block.startsWith('Images side by side\n'))
  expect(section?.replaceAll(/\(([0-9a-f]{8})\)/g, '(<digest>)')).toBe(`Images side by side
  local and cloud hold 2 files with the same bytes, 2 differ, 1 is in local only.
  app/b.py
    local  ${sha256('b = 2\n').slice(0, 8)}, by layer 2 (<digest>): RUN sed -i s/1/2/ app/b.py && make
    cloud  ${sha256('b = 1\n').slice(0, 8)}, by layer 1 (<digest>): COPY . /workspace
  app/d.py
    local  ${sha256('d = 1\n').slice(0, 8)}, by layer 1 (<digest>): COPY . .
    cloud  does not hold it
  srv/app/made.py
    local  ${sha256('m = 1\n').slice(0, 8)}, by layer 2 (<digest>): RUN sed -i s/1/2/ app/b.py && make
    cloud  ${sha256('m = 2\n').slice(0, 8)} (/workspace/app/made.py), by layer 2 (<digest>): RUN make && rm app/d.py
  local runs CPython 3.12.4, cloud CPython 3.11.9
  the distribution of local is Debian 12, of cloud Alpine Linux 3.19.1
  the C library of local is glibc, of cloud musl
  LANG of local is C.UTF-8, of cloud not set`)
  expect((await run({ local, cloud }, '--quiet')).out).not.toContain('local and cloud')
})

test('images that hold the same are said to', async () => {
  const { out, report } = await run({ local: cloud, cloud })
  expect(report.comparisons).toEqual([{ images: ['local', 'cloud'], same: 4, differing: [], differences: [] }])
  expect(out).toContain(
    '\n\nImages side by side\n  local and cloud hold 4 files with the same bytes, and no others.\n\nTheories\n',
  )
})

test('every two of several are, and one alone is not', async () => {
  const three = await run({ a: local, b: cloud, c: local })
  expect(
    three.report.comparisons.map(({ images, same }: { images: string[]; same: number }) => [...images, same]),
  ).toEqual([
    ['a', 'b', 2],
    ['a', 'c', 5],
    ['b', 'c', 2],
  ])
  expect((await run({ a: local })).report.comparisons).toEqual([])
})

test('one in which nothing of the source was found is compared with none', async () => {
  const other = { layers: [{ 'usr/x.py': 'x = 1\n' }], instructions: ['COPY x /'], environment: [] }
  const { code, report } = await run({ local, other })
  expect(code).toBe(2)
  expect(report.comparisons).toEqual([])
})

test('where nothing of the source was found, the theories say that and not that there was no image', async () => {
  const other = { layers: [{ 'usr/x.py': 'x = 1\n' }], instructions: ['COPY x /'], environment: [] }
  const { code, report } = await run({ other })
  expect(code).toBe(2)
  const evidence = 'nothing of the source was found in the image; pass --map IMAGE_DIR=SOURCE_DIR'
  for (const id of ['bytes-altered-in-build', 'stale-image', 'files-dropped', 'stale-bytecode'])
    expect(report.hypotheses).toContainEqual({ id, state: 'not-examined', evidence, explains: 0 })
})

test('no more files are named than fit, unless all are asked for', async () => {
  const many = Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`srv/app/${n}.py`, `n = ${n}\n`]))
  const more = { ...local, layers: [...local.layers, many] }
  const { out } = await run({ local, more })
  expect(out).toContain('local and more hold 5 files with the same bytes, 12 are in more only.')
  expect(out).toContain('  and 4 more files (--verbose names them all)\n')
  expect((await run({ local, more }, '--verbose')).out).not.toContain('more files')
})

describe("each image's files are judged by its own Python", () => {
  const withMatch: Files = { ...source, 'app/new.py': 'type A = int\n' }
  const image = (version: string, files: Files): Built => ({
    layers: [copied('srv', files)],
    instructions: ['COPY . .'],
    environment: [`PYTHON_VERSION=${version}`],
  })
  const findings = (report: { findings: Record<string, unknown>[] }) =>
    report.findings.map(({ code, severity, path, shipped, firstBreak }) => ({
      code,
      severity,
      path,
      shipped,
      firstBreak,
    }))

  test('what runs nowhere where it is rejected is a note', async () => {
    const { code, out, report } = await runOf(withMatch, {
      local: image('3.12.7', withMatch),
      cloud: image('3.11.3', source),
    })
    expect(findings(report)).toEqual([
      { code: 'missing-from-image', severity: 'warning', path: 'app/new.py', shipped: true, firstBreak: null },
      {
        code: 'version-skew',
        severity: 'note',
        path: 'app/new.py',
        shipped: false,
        firstBreak: { stage: 'commit', interpreter: 'embedded-3.11.3' },
      },
    ])
    expect(code).toBe(0)
    expect(out).toContain('  deploy       CPython 3.11.3 (embedded), as PYTHON_VERSION in cloud says\n')
    expect(out).toContain('  deploy+dev   CPython 3.12.7 (embedded), as PYTHON_VERSION in local and --dev-python say\n')
  })

  test('what runs where it is rejected is an error, and the image is named', async () => {
    const { code, out, report } = await runOf(withMatch, {
      local: image('3.12.7', withMatch),
      cloud: image('3.11.3', withMatch),
    })
    expect(findings(report)).toMatchObject([{ code: 'version-skew', severity: 'error', shipped: true }])
    expect(code).toBe(1)
    expect(out).toMatch(/^BROKEN {2}1 Python file in the image does not compile on CPython 3\.11\.3\n/)
    expect(out.replaceAll(/\s+/g, ' ')).toContain('1 needs Python 3.12, the image cloud runs 3.11.3;')
  })

  test('bytes that one image alone holds are judged for that image', async () => {
    const altered = image('3.12.7', { ...source, 'app/a.py': 'type A = int\n' })
    const { code, report } = await run({ local: altered, cloud: image('3.11.3', source) })
    expect(findings(report)).toEqual([
      { code: 'altered-in-image', severity: 'warning', path: 'app/a.py', shipped: true, firstBreak: null },
    ])
    expect(code).toBe(0)
    const other = await run({
      local: image('3.12.7', source),
      cloud: { ...altered, environment: ['PYTHON_VERSION=3.11.3'] },
    })
    expect(findings(other.report)).toMatchObject([
      { code: 'altered-in-image', severity: 'error', firstBreak: { stage: 'cloud', interpreter: 'embedded-3.11.3' } },
    ])
    expect(other.code).toBe(1)
  })

  test('--deploy-python judges those of all, and so do the others where one shows no Python', async () => {
    const images = { local: image('3.12.7', withMatch), cloud: image('3.11.3', source) }
    expect(findings((await runOf(withMatch, images, '--deploy-python', '3.11')).report)).toContainEqual(
      expect.objectContaining({ code: 'version-skew', severity: 'error', shipped: true }),
    )
    const unknown = { ...images, local: { ...images.local, environment: [] } }
    expect(findings((await runOf(withMatch, unknown)).report)).toContainEqual(
      expect.objectContaining({ code: 'version-skew', severity: 'error', shipped: true }),
    )
  })
})
