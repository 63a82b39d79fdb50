import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { firstbreak } from '../../support/command-line.ts'
import { saveImage, sha256 } from '../../support/images.ts'
import { git, makeRepository, writeFiles } from '../../support/repository.ts'
import { temporaryFolder } from '../../support/temporary.ts'

const offline = ['--interpreters', 'embedded', '--deploy-python', '3.12', '--dev-python', '3.12']
const files = { 'api/app/main.py': 'x = 1\n', 'api/app/more.py': 'y = 2\n', 'api/notes.txt': 'n\n', 'other.py': '' }
const name = 'firstbreak.seal.json'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
const at = (path: string) => join(folder.path, path)
const seal = (...args: string[]) => firstbreak(at('top'), ['seal', '--source', 'api', ...offline, ...args])
const check = (...args: string[]) => firstbreak(folder.path, ['seal', 'check', ...args])
const json = async (...args: string[]) => {
  const { code, out, err } = await check(...args, '--format', 'json')
  return { code, err, ...JSON.parse(out) }
}

beforeEach(async () => {
  folder = await temporaryFolder()
  await makeRepository(at('top'), files)
})
afterEach(() => folder[Symbol.asyncDispose]())

/** What a build is given: the very archive that goes up, unpacked. */
async function workspace(): Promise<string> {
  const written = await firstbreak(at('top'), ['upload', '--source', 'api', '--write', at('source.tgz')])
  expect(written.code).toBe(0)
  await mkdir(at('workspace'))
  await execa('tar', ['xzf', at('source.tgz'), '-C', at('workspace')])
  return at('workspace')
}

test('a seal is an in-toto statement with the digests that sha256sum and git give', async () => {
  const { code, out, err } = await seal()
  expect({ code, out }).toEqual({ code: 0, out: '' })
  expect(err).toContain('firstbreak: sealed 2 Python files of the upload in')
  const statement = JSON.parse(await readFile(at(`top/api/${name}`), 'utf8'))
  expect(statement).toMatchObject({
    _type: 'https://in-toto.io/Statement/v1',
    predicateType: 'https://www.npmjs.com/package/firstbreak#seal-v1',
    predicate: {
      commit: { digest: { gitCommit: (await git(at('top'), 'rev-parse', 'HEAD')).trim() } },
      sourceDirectory: 'api',
      stage: 'upload',
      interpreters: [{ id: 'embedded-3.12.7', roles: ['deploy', 'dev'] }],
    },
  })
  const subjects = await Promise.all(
    ['app/main.py', 'app/more.py'].map(async path => {
      const file = at(`top/api/${path}`)
      const blob = (await git(at('top'), 'hash-object', file)).trim()
      const digest = { sha256: sha256(await readFile(file)), gitBlob: blob }
      const annotations = { kind: 'file', size: 6, verdicts: { 'embedded-3.12.7': 'compiles' } }
      return { name: path, uri: `gitoid:blob:sha1:${blob}`, digest, annotations }
    }),
  )
  expect(statement.subject).toEqual(subjects)
  const before = await readFile(at(`top/api/${name}`), 'utf8')
  await seal()
  expect(await readFile(at(`top/api/${name}`), 'utf8')).toBe(before)
})

test('what is broken, or would not go up with its seal, is not sealed', async () => {
  await writeFiles(at('top'), { 'api/app/main.py': 'x = (\n' })
  const broken = await seal()
  expect(broken).toMatchObject({ code: 1, err: expect.stringContaining('firstbreak: not sealed') })
  await expect(readFile(at(`top/api/${name}`))).rejects.toThrow('ENOENT')
  await writeFiles(at('top'), { 'api/.gcloudignore': '*.json\n' })
  expect(await seal()).toMatchObject({
    code: 2,
    err: expect.stringContaining('"*.json" in "api/.gcloudignore" keeps it out'),
  })
  // Outside of what goes up it is the user's own matter.
  await writeFiles(at('top'), { 'api/app/main.py': 'x = 1\n' })
  expect((await seal('--output', at('elsewhere.json'))).code).toBe(0)
  expect(JSON.parse(await readFile(at('elsewhere.json'), 'utf8')).subject).toHaveLength(2)
})

test('the folder that a build is given is held against it, without git and without a Python', async () => {
  await seal()
  const top = await workspace()
  const at = (path: string) => join(top, path)
  expect(await json(at(name))).toMatchObject({ code: 0, sealed: 2, intact: 2, files: [] })
  expect((await check(at(name))).out).toContain('SEALED  2 of 2 sealed Python files are in the folder as verified')

  await writeFile(at('app/new.py'), '')
  expect(await json(at(name))).toMatchObject({
    code: 0,
    files: [{ path: 'app/new.py', state: 'unsealed', sealed: null }],
  })
  expect((await json(at(name), '--fail-on', 'warning')).code).toBe(1)
  expect(await json(at(name), '--fail-on', 'warning', '--exclude', 'new.py')).toMatchObject({ code: 0, files: [] })

  await writeFile(at('app/main.py'), 'x = 1\r\n')
  await execa('rm', [at('app/more.py')])
  const { code, files: otherwise } = await json(at(name), '--folder', top)
  expect(code).toBe(1)
  expect(otherwise).toMatchObject([
    { path: 'app/main.py', state: 'altered', sealed: sha256('x = 1\n'), found: sha256('x = 1\r\n'), inImage: null },
    { path: 'app/more.py', state: 'missing', found: null },
    { path: 'app/new.py', state: 'unsealed' },
  ])
  const { out } = await check(at(name))
  expect(out).toMatch(/^OTHERWISE {2}0 of 2 sealed Python files are in the folder/)
  expect(out).toContain('Other bytes than were verified: 1 file\n  app/main.py\n')
})

test('an image is held against it: layer, instruction and Python', async () => {
  await seal('--output', at('seal'))
  const built = { 'srv/app/main.py': 'x = 1\n', 'srv/app/more.py': 'y = 2\n' }
  const instructions = ['COPY . /srv # buildkit', 'RUN sed -i s/1/2/ /srv/app/main.py # buildkit']
  const environment = ['PYTHON_VERSION=3.12.4']
  await saveImage(at('good.tar'), [built], { instructions: instructions.slice(0, 1), environment })
  expect(await json('seal', '--image', 'good.tar')).toMatchObject({
    code: 0,
    intact: 2,
    mappings: [{ imageDirectory: 'srv', sourceDirectory: '' }],
    otherPython: null,
  })
  await saveImage(at('altered.tar'), [built, { 'srv/app/main.py': 'x = 2\n' }], { instructions, environment })
  const altered = await json('seal', '--image', 'altered.tar')
  expect(altered).toMatchObject({
    code: 1,
    files: [{ path: 'app/main.py', inImage: { path: 'srv/app/main.py', layer: 1, createdBy: instructions[1] } }],
  })
  expect((await check('seal', '--image', 'altered.tar')).out).toContain('/srv/app/main.py, layer 1: RUN sed -i s/1/2/')
  await saveImage(at('other.tar'), [built], { environment: ['PYTHON_VERSION=3.11.9'] })
  const other = await check('seal', '--image', 'other.tar')
  expect(other.code).toBe(1)
  expect(other.out).toContain('It runs CPython 3.11.9')
  await saveImage(at('partial.tar'), [{ 'srv/app/main.py': 'x = 1\n' }], { environment })
  // A Dockerfile may leave out what it likes.
  expect(await json('seal', '--image', 'partial.tar', '--map', '/srv=.')).toMatchObject({
    code: 0,
    files: [{ path: 'app/more.py', state: 'missing' }],
  })
})

test('what cannot be told is told', async () => {
  await seal('--output', at('seal'))
  await writeFile(at('none.json'), '{}')
  const statement = JSON.parse(await readFile(at('seal'), 'utf8'))
  await writeFile(
    at('climbing.json'),
    JSON.stringify({ ...statement, subject: [{ ...statement.subject[0], name: '../../etc/x.py' }] }),
  )
  await writeFile(at('other.json'), JSON.stringify({ ...statement, predicateType: 'https://slsa.dev/provenance/v1' }))
  await saveImage(at('empty.tar'), [{ 'etc/x': '' }])
  for (const [args, reason] of [
    [['gone.json'], 'cannot read the seal "gone.json" (ENOENT)'],
    [['none.json'], 'cannot read a seal from "none.json": its "_type" is missing'],
    [['other.json'], 'its "predicateType" should be'],
    [['climbing.json'], '"../../etc/x.py" is no path of an upload'],
    [['seal', '--folder', 'nowhere'], '--folder "nowhere": there is no such folder'],
    [['seal', '--image', 'empty.tar'], 'nothing of what was sealed was found in image'],
    [['seal', '--image', 'a', '--folder', 'b'], "'--folder <dir>' cannot be used with"],
  ] as const) {
    const told = await check(...args)
    expect({ args, ...told }).toMatchObject({ args, code: 2, err: expect.stringContaining(reason) })
  }
})

test.each([
  [['seal', '--help'], 'seal-help'],
  [['seal', 'check', '--help'], 'seal-check-help'],
])('%j', async (args, file) => {
  const { code, out } = await firstbreak(folder.path, args)
  expect(code).toBe(0)
  await expect(out).toMatchFileSnapshot(`../runs/${file}.txt`)
})
