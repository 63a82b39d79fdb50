import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { parse } from 'yaml'
import { copyCheckout } from '../../support/checkout.ts'
import { programNeed, registry, testNeeding } from '../../support/needs.ts'
import { writeScript } from '../../support/program.ts'
import { push, pushEnvironment, runFirstbreak } from '../../support/pushing.ts'
import { commitFiles, git, makeRepository } from '../../support/repository.ts'
import { temporaryFolder } from '../../support/temporary.ts'

vi.setConfig({ testTimeout: 580_000, hookTimeout: 580_000 })

const root = join(import.meta.dirname, '../../..')
const broken = { 'a.py': 'x = (1\n' }
const stopped = { code: 1, err: expect.stringContaining('a.py: line 1') }

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let repository: string
beforeEach(async () => {
  folder = await temporaryFolder()
  repository = join(folder.path, 'repository')
  const ignored = 'node_modules\nlefthook-local.yml\n'
  await makeRepository(repository, { 'a.py': 'x = 1\n', Dockerfile: 'FROM python:3.11\n', '.gitignore': ignored })
  await git(folder.path, 'init', '--quiet', '--bare', 'remote.git')
  await git(repository, 'remote', 'add', 'origin', '../remote.git')
})
afterEach(() => folder[Symbol.asyncDispose]())

async function run(command: string, ...args: string[]): Promise<string> {
  const { all } = await execa(command, args, { cwd: repository, env: await pushEnvironment(), all: true })
  return all
}

async function installFromNpm(name: string): Promise<void> {
  await writeFile(join(repository, 'package.json'), '{ "private": true }\n')
  await run('npm', 'install', '--no-audit', '--no-fund', '--prefer-offline', '--save-dev', name)
  // As it is where firstbreak is installed beside it.
  const bin = (await pushEnvironment()).PATH!.split(':')[0]!
  await writeScript(join(repository, 'node_modules/.bin/firstbreak'), `exec '${bin}/firstbreak' "$@"`)
}

/** Where firstbreak is installed in the project alone, and where it is on PATH alone. */
async function eachPlace(stops: (environment: Record<string, string>) => Promise<void>): Promise<void> {
  const [, ...others] = (await pushEnvironment()).PATH!.split(':')
  await stops({ PATH: others.join(':') })
  const own = join(repository, 'node_modules/.bin/firstbreak')
  await rename(own, `${own}-away`)
  await stops({})
  await rename(`${own}-away`, own)
}

/** The fenced blocks of docs/hook.md that begin with a comment which names the file. */
async function documented(file: string): Promise<string> {
  const text = await readFile(join(root, 'docs/hook.md'), 'utf8')
  const blocks = [...text.matchAll(/^```\w+\n# (\S+)\n([\s\S]*?)^```$/gm)]
  return blocks.find(([, name]) => name === file)![2]!
}

testNeeding(registry)('husky runs what is written to .husky/pre-push, and its own hooks stay as they are', async () => {
  await installFromNpm('husky')
  await run('npx', '--no-install', 'husky')
  const own = await readFile(join(repository, '.husky/_/pre-push'), 'utf8')
  const told = join(folder.path, 'told')
  await mkdir(join(repository, '.husky'), { recursive: true })
  await writeFile(join(repository, '.husky/pre-push'), `cat > '${told}'\n`)
  expect(await runFirstbreak(repository, 'hook', 'install')).toContain('.husky/pre-push')
  await commitFiles(repository, {}, 'husky')
  expect(await push(repository, ['origin', 'main'])).toEqual({ code: 0, err: '' })
  expect(await readFile(told, 'utf8')).toMatch(/^refs\/heads\/main [0-9a-f]{40} refs\/heads\/main 0{40}\n$/)
  await commitFiles(repository, broken, 'broken')
  expect(await push(repository, ['origin', 'main'])).toMatchObject(stopped)
  expect(await readFile(join(repository, '.husky/_/pre-push'), 'utf8')).toBe(own)
  await runFirstbreak(repository, 'hook', 'uninstall')
  expect(await readFile(join(repository, '.husky/pre-push'), 'utf8')).toBe(`cat > '${told}'\n`)
  await writeFile(join(repository, '.husky/pre-push'), await documented('.husky/pre-push'))
  await eachPlace(async environment =>
    expect(await push(repository, ['origin', 'main'], environment)).toMatchObject(stopped),
  )
})

testNeeding(registry)(
  'lefthook runs what is written to lefthook-local.yml, or what the documentation says for lefthook.yml',
  async () => {
    await installFromNpm('lefthook')
    const told = join(folder.path, 'told')
    const config = `pre-push:\n  commands:\n    other:\n      run: cat > '${told}'\n      use_stdin: true\n`
    await writeFile(join(repository, 'lefthook.yml'), config)
    await run('npx', '--no-install', 'lefthook', 'install')
    const own = await readFile(join(repository, '.git/hooks/pre-push'), 'utf8')
    expect(await runFirstbreak(repository, 'hook', 'install')).toContain('lefthook runs it from now on')
    await commitFiles(repository, {}, 'lefthook')
    expect(await push(repository, ['origin', 'main'])).toMatchObject({ code: 0 })
    expect(await readFile(told, 'utf8')).toMatch(/^refs\/heads\/main [0-9a-f]{40} refs\/heads\/main 0{40}\n?$/)
    await commitFiles(repository, broken, 'broken')
    const lefthook = async (environment = {}) => {
      const { exitCode, all } = await execa('git', ['push', 'origin', 'main'], {
        cwd: repository,
        env: { ...(await pushEnvironment()), ...environment },
        reject: false,
        all: true,
      })
      return { code: exitCode, err: all }
    }
    await eachPlace(async environment => expect(await lefthook(environment)).toMatchObject(stopped))
    expect(await readFile(join(repository, '.git/hooks/pre-push'), 'utf8')).toBe(own)
    await runFirstbreak(repository, 'hook', 'uninstall')
    expect(await lefthook()).toMatchObject({ code: 0 })
    await writeFile(join(repository, 'lefthook.yml'), await documented('lefthook.yml'))
    await commitFiles(repository, { 'a.py': 'x = (2\n' }, 'broken')
    await eachPlace(async environment => expect(await lefthook(environment)).toMatchObject(stopped))
  },
)

testNeeding(registry, await programNeed('pre-commit'))(
  'pre-commit installs it from its repository, and runs it when it is pushed, and by hand',
  async () => {
    const source = join(folder.path, 'source')
    await copyCheckout(source)
    // pre-commit before 3.2 had another name for this stage.
    const hooks = await readFile(join(root, '.pre-commit-hooks.yaml'), 'utf8')
    const [major = 0, minor = 0] = (await run('pre-commit', '--version')).split(' ')[1]!.split('.').map(Number)
    const isOld = major < 3 || (major === 3 && minor < 2)
    const older = hooks.replace('pre-push, manual', 'push, manual').replace(/^.*minimum_pre_commit_version.*\n/m, '')
    await makeRepository(source, { '.pre-commit-hooks.yaml': isOld ? older : hooks })
    const revision = await git(source, 'rev-parse', 'HEAD')
    const home = { PRE_COMMIT_HOME: join(folder.path, 'home') }

    const config = (await documented('.pre-commit-config.yaml'))
      .replace(/repo: .*/, `repo: ${source}`)
      .replace(/rev: .*/, `rev: ${revision}`)
    await commitFiles(repository, { '.pre-commit-config.yaml': config }, 'pre-commit')
    const env = { ...(await pushEnvironment()), ...home }
    await execa('pre-commit', ['install', '--hook-type', 'pre-push'], { cwd: repository, env })
    expect(await push(repository, ['origin', 'main'], home)).toMatchObject({ code: 0 })
    await commitFiles(repository, { 'b.py': 'y = 1\n' }, 'sound')
    await push(repository, ['--no-verify', 'origin', 'main'])
    await commitFiles(repository, broken, 'broken')
    const pushed = await execa('git', ['push', 'origin', 'main'], { cwd: repository, env, reject: false, all: true })
    expect(pushed).toMatchObject({ exitCode: 1, all: expect.stringMatching(/1 of 1 Python file[\s\S]*a\.py: line 1/) })
    const manual = ['run', '--hook-stage', 'manual', 'firstbreak']
    const byHand = await execa('pre-commit', manual, { cwd: repository, env, reject: false, all: true })
    expect(byHand).toMatchObject({ exitCode: 1, all: expect.stringMatching(/1 of 2 Python files[\s\S]*a\.py: line 1/) })
  },
)

test('what is written for pre-commit is what it expects', async () => {
  const [hook] = parse(await readFile(join(root, '.pre-commit-hooks.yaml'), 'utf8'))
  expect(hook).toMatchObject({ language: 'node', stages: ['pre-push', 'manual'], entry: 'firstbreak hook pre-push' })
})
