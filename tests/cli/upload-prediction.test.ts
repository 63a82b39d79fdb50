import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { firstbreak } from '../support/command-line.ts'
import { makeRepository, writeFiles } from '../support/repository.ts'
import { temporaryFolder } from '../support/temporary.ts'

const python = ['--interpreters', 'embedded', '--deploy-python', '3.12', '--dev-python', '3.12']

async function json(cwd: string, ...args: string[]) {
  const { code, out, err } = await firstbreak(cwd, [...python, ...args, '--format', 'json'])
  return { code, err, report: out === '' ? null : JSON.parse(out) }
}

test('verify says what would go up that is hardly meant to', async () => {
  await using folder = await temporaryFolder()
  await makeRepository(folder.path, { 'a.py': 'x = 1\n', '.gitignore': '' })
  await writeFiles(folder.path, { '.venv/pyvenv.cfg': 'home = /\n', '.venv/lib/b.py': 'y = 1\n', '.env': 'KEY=1\n' })
  const { code, report } = await json(folder.path)
  expect(code).toBe(0)
  expect(report.remarks).toEqual([
    '4 files, 27 bytes, would go up; of that .venv/ (a virtual environment, 2 files, 15 bytes): keep out with .gcloudignore what is not meant to',
    '.env would go up: keep secrets out of the upload with .gcloudignore',
  ])
})

test('a broken link that stops gcloud leaves the outcome open', async () => {
  await using folder = await temporaryFolder()
  await makeRepository(folder.path, { 'api/a.py': 'x = 1\n' })
  await symlink('nowhere', join(folder.path, 'api', 'broken'))
  expect((await json(join(folder.path, 'api'), '--source', 'api')).code).toBe(0)
  const { code, report } = await json(folder.path, '--source', 'api')
  expect({ code, outcome: report.outcome }).toEqual({ code: 2, outcome: 'undecided' })
  expect(report.findings).toMatchObject([{ code: 'undecided', path: 'api/broken' }])
})

test('the rule that keeps a file out is named by its place in the repository', async () => {
  await using folder = await temporaryFolder()
  await makeRepository(folder.path, {
    '.rules': '\nb.py\n',
    'api/.gitignore': 'b.py\n',
    'api/a.py': '',
    'api/b.py': '',
  })
  const rule = async (...args: string[]) =>
    (await json(folder.path, '--source', 'api', ...args)).report.findings[0].evidence.rule
  expect(await rule()).toEqual({ file: 'api/.gitignore', line: 1, text: 'b.py' })
  expect(await rule('--ignore-file', '../.rules')).toEqual({ file: '.rules', line: 2, text: 'b.py' })
})

test("--source does not read the ignore files of the repository's root; --ignore-file may", async () => {
  await using folder = await temporaryFolder()
  await makeRepository(folder.path, { '.gitignore': 'b.py\n', '.rules': 'b.py\n', 'api/a.py': '', 'api/b.py': '' })
  const files = async (...args: string[]) =>
    (await json(folder.path, '--source', 'api', ...args)).report.stages.at(-1).pythonFiles
  expect([await files(), await files('--ignore-file', '../.rules')]).toEqual([2, 1])
  const { report } = await json(folder.path, '--source', 'api', '--ignore-file', 'gone')
  expect(report.remarks).toContain(
    '--ignore-file gone cannot be read from the source; gcloud does not say so, and uploads everything',
  )
})

test('options that gcloud does not have, or a repository may not set', async () => {
  await using folder = await temporaryFolder()
  await makeRepository(folder.path, { 'a.py': '' })
  await mkdir(join(folder.path, 'sub'))
  for (const [args, named] of [
    [['--upload-as', 'jobs-deploy'], '--upload-as jobs-deploy'],
    [['--upload-as', 'app-deploy', '--ignore-file', 'gone'], '--ignore-file gone cannot be read'],
    [['--upload-as', 'functions-deploy', '--ignore-file', 'gone'], '--ignore-file gone cannot be read'],
    [['--upload-as', 'run-deploy', '--ignore-file', 'x'], '--ignore-file is no option of gcloud run deploy'],
  ] as const) {
    expect(await json(folder.path, ...args)).toMatchObject({ code: 2, err: expect.stringContaining(named) })
  }
  await writeFiles(folder.path, { 'pyproject.toml': '[tool.firstbreak]\nignore-file = "../x"\n' })
  expect(await json(folder.path)).toMatchObject({ code: 2, err: expect.stringContaining('leads out of the source') })
})

test('functions deploy and app deploy have rules and ways of their own', async () => {
  await using folder = await temporaryFolder()
  await makeRepository(folder.path, { '.gitignore': 'made.py\n', 'main.py': '', 'lib/a.py': '' })
  await writeFiles(folder.path, { 'made.py': '', 'node_modules/b.py': '', '__pycache__/c.py': '', 'setup.cfg': '' })
  const goesUp = async (command: string) => {
    const { code, out } = await firstbreak(folder.path, ['upload', '--upload-as', command, '--format', 'json'])
    return [code, ...JSON.parse(out).goesUp.flatMap(({ kind, path }: Item) => (kind === 'directory' ? [] : [path]))]
  }
  const common = ['lib/a.py', 'main.py', 'setup.cfg']
  expect((await goesUp('run-deploy')).sort()).toEqual([0, '__pycache__/c.py', ...common, 'node_modules/b.py'].sort())
  expect((await goesUp('functions-deploy')).sort()).toEqual([0, '__pycache__/c.py', ...common].sort())
  const app = [0, 'lib/a.py', 'made.py', 'main.py', 'node_modules/b.py']
  expect((await goesUp('app-deploy')).sort()).toEqual(app.sort())

  await symlink('lib', join(folder.path, 'linked'))
  await symlink('nowhere', join(folder.path, 'broken'))
  expect((await goesUp('functions-deploy')).sort()).toEqual([0, '__pycache__/c.py', ...common].sort())
  // App Engine's walk follows links, which this one does not.
  expect((await goesUp('app-deploy'))[0]).toBe(2)

  await writeFiles(folder.path, { '.gcloudignore': '.*\n' })
  const refused = await firstbreak(folder.path, ['upload', '--upload-as', 'functions-deploy'])
  expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('matches the source itself') })
  const unwritten = await firstbreak(folder.path, ['upload', '--upload-as', 'app-deploy', '--write', '../x.zip'])
  expect(unwritten).toMatchObject({ code: 2, err: expect.stringContaining('what app-deploy sends is listed only') })
})

interface Item {
  readonly kind: string
  readonly path: string
}
