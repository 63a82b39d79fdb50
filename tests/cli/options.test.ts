import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { firstbreak } from '../support/command-line.ts'
import { saveImage } from '../support/images.ts'
import { nativePython, needsNative } from '../support/native.ts'
import { testNeeding } from '../support/needs.ts'
import { git, makeRepository, writeFiles } from '../support/repository.ts'
import { temporaryFolder } from '../support/temporary.ts'

const test = testNeeding(needsNative('3.11', '3.12'))

let folder: Awaited<ReturnType<typeof temporaryFolder>>
const at = (name: string) => join(folder.path, name)

beforeAll(async () => {
  folder = await temporaryFolder()
  const files = {
    'api/app.py': 'x = 1\n',
    'api/new.py': "f'{'x'}'\n",
    'web/broken.py': 'if:\n',
    'web/fine.py': 'y = 2\n',
  }
  await makeRepository(at('repository'), files)
  await makeRepository(at('configured'), {
    ...files,
    'pyproject.toml':
      '[tool.firstbreak]\ndeploy-python = "3.11"\ndev-python = "3.12"\nsource = "api"\nupload = "none"\ninterpreters = "native"\n',
  })
  await makeRepository(at('dirty'), { 'a.py': 'x = 1\n' })
  await writeFiles(at('dirty'), { 'a.py': 'x = 2\n' })
  await saveImage(at('image.tar'), [{ 'opt/code/app.py': 'x = 1 \n', 'opt/code/new.py': 'z = 1\n' }])
})
afterAll(() => folder[Symbol.asyncDispose]())

const pythons = ['--interpreters', 'native', '--deploy-python', '3.11', '--dev-python', '3.12']

/** The exit code, and what of the JSON is asked for. */
async function json(repository: string, args: readonly string[]) {
  const { code, out, err } = await firstbreak(at(repository), [...args, '--format', 'json'])
  if (out === '') throw new Error(err)
  return { code, report: JSON.parse(out) }
}

const errors = (report: { findings: { severity: string; path: string }[] }) =>
  report.findings.filter(({ severity }) => severity === 'error').map(({ path }) => path)

describe('which files', () => {
  test('--source looks at that directory only', async () => {
    const { report } = await json('repository', [...pythons, '--source', 'api'])
    expect(errors(report)).toEqual(['api/new.py'])
    expect(report.stages.map(({ pythonFiles }: { pythonFiles: number }) => pythonFiles)).toEqual([2, 2, 2])
  })

  for (const [pattern, expected] of [
    ['web', ['api/new.py']],
    ['new.py', ['web/broken.py']],
    ['**/broken.*', ['api/new.py']],
    ['/web/*.py', ['api/new.py']],
    ['eb', ['api/new.py', 'web/broken.py']],
  ] as const) {
    test(`--exclude ${pattern}`, async () => {
      expect(errors((await json('repository', [...pythons, '--exclude', pattern])).report)).toEqual(expected)
    })
  }

  test('--map says where an image keeps the source', async () => {
    const args = [...pythons, '--source', 'api', '--image', at('image.tar'), '--map', '/opt/code=api']
    const { code, report } = await json('repository', args)
    expect(code).toBe(0)
    expect(report.findings.map(({ code, path }: { code: string; path: string }) => `${code} ${path}`)).toEqual([
      'altered-in-image api/app.py',
      'altered-in-image api/new.py',
    ])
  })
})

describe('which interpreters', () => {
  test('--python adds versions and programs', async () => {
    const { executable, version } = nativePython('3.12')!
    const args = [
      '--interpreters',
      'native',
      '--deploy-python',
      '3.11',
      '--dev-python',
      '3.11',
      '--python',
      `3.12, ${executable}`,
    ]
    const { report } = await json('repository', args)
    expect(report.interpreters.map((each: { version: string }) => each.version)).toEqual([
      expect.stringMatching(/^3\.11\./),
      version,
    ])
  })

  test('--interpreters embedded takes none of this machine', async () => {
    const { report } = await json('repository', [
      '--interpreters',
      'embedded',
      '--deploy-python',
      '3.12',
      '--dev-python',
      '3.12',
    ])
    expect(report.interpreters).toMatchObject([{ id: 'embedded-3.12.7', roles: ['deploy', 'dev'] }])
  })
})

describe('the project', () => {
  test('sets options in pyproject.toml', async () => {
    const { code, report } = await json('configured', [])
    expect(code).toBe(1)
    expect(errors(report)).toEqual(['api/new.py'])
    expect(report.stages.map(({ name }: { name: string }) => name)).toEqual(['commit', 'worktree'])
  })

  test('is overruled by the command line', async () => {
    const { code, report } = await json('configured', ['--deploy-python', '3.12', '--upload', 'auto'])
    expect({ code, stages: report.stages.length }).toEqual({ code: 0, stages: 3 })
  })

  test('cannot name a program to be run', async () => {
    await makeRepository(at('hostile'), { 'a.py': 'x\n', 'pyproject.toml': '[tool.firstbreak]\npython = "./evil"\n' })
    expect(await firstbreak(at('hostile'), [])).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('./evil'),
    })
  })
})

describe('how it ends, and where the report goes', () => {
  test('--fail-on warning', async () => {
    const args = [...pythons, '--upload', 'none']
    expect((await json('dirty', args)).code).toBe(0)
    expect((await json('dirty', [...args, '--fail-on', 'warning'])).code).toBe(1)
  })

  test('several formats, each to its own place', async () => {
    const file = at('report.json')
    const { code, out } = await firstbreak(at('repository'), [
      ...pythons,
      '--format',
      `json=${file}`,
      '--format',
      'text',
    ])
    expect({ code, start: out.slice(0, 6), outcome: JSON.parse(await readFile(file, 'utf8')).outcome }).toEqual({
      code: 1,
      start: 'BROKEN',
      outcome: 'broken',
    })
  })

  test('a bare repository is looked at as far as it goes', async () => {
    await git(folder.path, 'clone', '--quiet', '--bare', 'configured', 'bare')
    const { code, report } = await json('bare', [])
    expect({ code, stages: report.stages.map(({ name }: { name: string }) => name) }).toEqual({
      code: 1,
      stages: ['commit'],
    })
    expect(report.remarks).toContain('the repository is bare: there is no working tree to look at, and none to upload')
  })
})
