import { chmod, lstat, mkdir, readdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { firstbreak } from '../../support/command-line.ts'
import { testNeeding } from '../../support/needs.ts'
import { writeScript } from '../../support/program.ts'
import { needsPosix } from '../../support/programs.ts'
import { firstbreakAlone, push, pushEnvironment } from '../../support/pushing.ts'
import { commitFiles, git, makeRepository } from '../../support/repository.ts'
import { temporaryFolder } from '../../support/temporary.ts'

const files = { 'a.py': 'x = 1\n', Dockerfile: 'FROM python:3.11\n' }
const broken = { 'a.py': 'x = (1\n' }

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let repository: string
beforeEach(async () => {
  folder = await temporaryFolder()
  repository = join(folder.path, 'repository')
  await makeRepository(repository, files)
  await git(folder.path, 'init', '--quiet', '--bare', 'remote.git')
  await git(repository, 'remote', 'add', 'origin', '../remote.git')
  await git(repository, 'push', '--quiet', 'origin', 'main')
})
afterEach(() => folder[Symbol.asyncDispose]())

const hooks = (...names: string[]) => join(repository, '.git/hooks', ...names)
const run = (...args: string[]) => firstbreak(repository, ['hook', ...args])
const install = (...args: string[]) => run('install', ...args)
const uninstall = () => run('uninstall')
const read = (file: string) => readFile(file, 'latin1')

/** What a folder holds: by name, mode and bytes or target. */
async function state(directory: string): Promise<Record<string, string>> {
  const names = await readdir(directory).catch(() => [])
  const entries = names.sort().map(async name => {
    const [file, stats] = [join(directory, name), await lstat(join(directory, name))]
    if (stats.isDirectory()) return [name, 'directory']
    return [name, stats.isSymbolicLink() ? await readlink(file) : `${stats.mode.toString(8)} ${await read(file)}`]
  })
  return Object.fromEntries(await Promise.all(entries))
}

/** A hook that tells what it was given, and ends as it is told to. */
const telling = (file: string, code = 0) => `echo "$@" > '${file}'\ncat >> '${file}'\nexit ${code}`

test('where there was no hook, there is none afterwards', async () => {
  const before = await state(hooks())
  expect(await install()).toMatchObject({ code: 0, out: expect.stringContaining('wrote ') })
  expect(await install()).toMatchObject({ code: 0, out: expect.stringContaining('is there already') })
  await commitFiles(repository, broken, 'broken')
  expect(await push(repository, ['origin', 'main'])).toMatchObject({
    code: 1,
    err: expect.stringContaining('a.py: line 1'),
  })
  expect(await uninstall()).toMatchObject({ code: 0, out: expect.stringContaining('took ') })
  expect(await state(hooks())).toEqual(before)
  expect(await push(repository, ['origin', 'main'])).toEqual({ code: 0, err: '' })
  expect(await uninstall()).toMatchObject({ code: 0, out: expect.stringContaining('there is no hook of firstbreak') })
})

testNeeding(needsPosix)('a folder that was made for it goes with it', async () => {
  await execa('rm', ['-rf', hooks()])
  await install()
  await uninstall()
  expect(await readdir(join(repository, '.git'))).not.toContain('hooks')
})

test('what was there runs after it, is given what git gave, and stops the push as well', async () => {
  const told = join(folder.path, 'told')
  await mkdir(hooks(), { recursive: true })
  await writeScript(hooks('pre-push'), telling(told))
  const before = await state(hooks())
  expect(await install()).toMatchObject({ code: 0, out: expect.stringContaining('pre-push.before-firstbreak') })
  const id = await commitFiles(repository, { 'b.py': 'y = 1\n' }, 'sound')
  const old = await git(repository, 'rev-parse', 'HEAD~1')
  expect(await push(repository, ['origin', 'main', 'main:refs/heads/other'])).toEqual({ code: 0, err: '' })
  const zeros = '0'.repeat(40)
  expect(await read(told)).toBe(
    `origin ../remote.git\nrefs/heads/main ${id} refs/heads/main ${old}\nrefs/heads/main ${id} refs/heads/other ${zeros}\n`,
  )
  await uninstall()
  expect(await state(hooks())).toEqual(before)

  await writeScript(hooks('pre-push'), telling(told, 3))
  await install()
  await commitFiles(repository, { 'b.py': 'y = 2\n' }, 'sound')
  expect(await push(repository, ['origin', 'main'])).toMatchObject({ code: 1 })
  await writeScript(hooks('pre-push.before-firstbreak'), telling(told))
  await commitFiles(repository, broken, 'broken')
  expect(await push(repository, ['origin', 'main'])).toMatchObject({ code: 1, err: expect.stringContaining('a.py') })
})

testNeeding(needsPosix)(
  'a hook of any kind is put back byte for byte: a link, bytes that are no text, one that git does not run',
  async () => {
    await mkdir(hooks(), { recursive: true })
    await writeFile(join(folder.path, 'elsewhere'), '#!/bin/sh\nexit 0\n', { mode: 0o755 })
    await symlink(join(folder.path, 'elsewhere'), hooks('pre-push'))
    const linked = await state(hooks())
    await install()
    expect(await push(repository, ['origin', 'main:linked'])).toEqual({ code: 0, err: '' })
    await uninstall()
    expect(await state(hooks())).toEqual(linked)

    await execa('rm', [hooks('pre-push')])
    await writeFile(hooks('pre-push'), Buffer.from([0x23, 0x21, 0xff, 0x00, 0x0d, 0x0a, 0x80]), { mode: 0o640 })
    const odd = await state(hooks())
    await install()
    expect(await push(repository, ['origin', 'main:odd'])).toEqual({ code: 0, err: '' })
    await uninstall()
    expect(await state(hooks())).toEqual(odd)
  },
)

test('refuses where what it wrote, or what it kept, was changed since', async () => {
  await mkdir(hooks(), { recursive: true })
  await writeScript(hooks('pre-push'), 'exit 0')
  await install()
  const written = await read(hooks('pre-push'))
  await writeFile(hooks('pre-push'), `${written}echo mine\n`)
  const refused = { code: 2, err: expect.stringContaining('was changed since firstbreak wrote it') }
  expect(await uninstall()).toMatchObject(refused)
  expect(await install()).toMatchObject(refused)
  expect(await read(hooks('pre-push'))).toBe(`${written}echo mine\n`)
  await writeFile(hooks('pre-push'), written)
  await writeFile(hooks('pre-push.before-firstbreak'), 'other\n')
  expect(await uninstall()).toMatchObject({ code: 2, err: expect.stringContaining('is not what was there') })
  expect(await read(hooks('pre-push'))).toBe(written)
})

test('refuses where a name is taken', async () => {
  await mkdir(hooks('pre-push.before-firstbreak'), { recursive: true })
  expect(await install()).toMatchObject({ code: 2, err: expect.stringContaining('move it elsewhere') })
  expect(await readdir(hooks())).not.toContain('pre-push')
})

test('from a linked working tree, and from a subdirectory, it is the same hook', async () => {
  await git(repository, 'worktree', 'add', '--quiet', '../linked', '-b', 'linked')
  const linked = join(folder.path, 'linked')
  await mkdir(join(linked, 'sub'))
  expect(await firstbreak(join(linked, 'sub'), ['hook', 'install'])).toMatchObject({ code: 0 })
  expect(await readdir(hooks())).toContain('pre-push')
  await commitFiles(linked, broken, 'broken')
  expect(await push(join(linked, 'sub'), ['../../remote.git', 'linked'])).toMatchObject({ code: 128 })
  for (const directory of [linked, join(linked, 'sub')]) {
    expect(await push(directory, ['origin', 'linked'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('a.py: line 1'),
    })
  }
  expect(await push(repository, ['origin', 'main:fine'])).toEqual({ code: 0, err: '' })
  await uninstall()
  expect(await readdir(hooks())).not.toContain('pre-push')
})

test('with a repository that lies elsewhere, as GIT_DIR tells the hook', async () => {
  await install()
  const home = join(folder.path, 'home')
  await makeRepository(home, { 'a.py': 'x = 1\n' })
  await commitFiles(repository, broken, 'broken')
  const environment = { GIT_DIR: join(repository, '.git'), GIT_WORK_TREE: home }
  expect(await push(home, ['origin', 'main'], environment)).toMatchObject({
    code: 1,
    err: expect.stringContaining('a.py: line 1'),
  })
})

test('core.hooksPath: local and relative, also when the hook itself is committed', async () => {
  await git(repository, 'config', 'core.hooksPath', '.githooks')
  expect(await install()).toMatchObject({ code: 0 })
  expect(await readdir(join(repository, '.githooks'))).toEqual(['pre-push'])
  await commitFiles(repository, broken, 'broken, and the hook')
  expect(await push(repository, ['origin', 'main'])).toMatchObject({ code: 1, err: expect.stringContaining('a.py') })
  expect(await install()).toMatchObject({ code: 0, out: expect.stringContaining('is there already') })
  expect(await uninstall()).toMatchObject({ code: 0, out: expect.stringContaining('took ') })
  expect(await readdir(repository)).not.toContain('.githooks')
})

test.each([
  ['no folder', '/dev/null', /core\.hooksPath leads to ".*", which is no folder, so that git runs no hook at all/],
  ['below a file', 'Dockerfile/hooks', /the hooks cannot be changed: ENOTDIR.*Dockerfile/],
  ['the root of the disk', '', /core\.hooksPath leads to ".*", which other repositories may use/],
])('core.hooksPath: %s', async (_name, path, message) => {
  await git(repository, 'config', 'core.hooksPath', path)
  expect(await install()).toMatchObject({ code: 2, err: expect.stringMatching(message) })
  expect((await git(repository, 'status', '--porcelain')).trim()).toBe('')
})

test('core.hooksPath: global, only where that is asked for', async () => {
  const shared = join(folder.path, 'shared')
  await mkdir(shared)
  await writeScript(join(shared, 'pre-push'), 'cat >/dev/null; echo global >&2')
  const before = await state(shared)
  const config = join(folder.path, 'gitconfig')
  await writeFile(config, `[core]\n\thooksPath = ${shared}\n`)
  const environment = { GIT_CONFIG_GLOBAL: config }
  const global = async (...args: string[]) => {
    const env = { ...(await pushEnvironment()), ...environment }
    const { exitCode, stderr } = await execa(join(await firstbreakAlone(), 'firstbreak'), ['hook', ...args], {
      cwd: repository,
      env,
      reject: false,
    })
    return { code: exitCode, err: stderr }
  }
  expect(await global('install')).toEqual({ code: 2, err: expect.stringContaining('pass --shared') })
  expect(await state(shared)).toEqual(before)
  expect(await global('install', '--shared')).toMatchObject({ code: 0 })
  expect(await push(repository, ['origin', 'main:new'], environment)).toEqual({ code: 0, err: 'global' })
  await commitFiles(repository, broken, 'broken')
  expect(await push(repository, ['origin', 'main'], environment)).toMatchObject({
    code: 1,
    err: expect.stringContaining('a.py: line 1'),
  })
  expect(await global('uninstall')).toMatchObject({ code: 0 })
  expect(await state(shared)).toEqual(before)
})

test('a tracked hook is not changed: it says what to add, and that works', async () => {
  const told = join(folder.path, 'told')
  await git(repository, 'config', 'core.hooksPath', 'tools/hooks')
  await mkdir(join(repository, 'tools/hooks'), { recursive: true })
  const hook = join(repository, 'tools/hooks/pre-push')
  await writeScript(hook, telling(told))
  await commitFiles(repository, {}, 'hooks')
  const before = await read(hook)
  expect(await install()).toMatchObject({ code: 2, err: expect.stringContaining('firstbreak hook snippet') })
  expect(await read(hook)).toBe(before)
  const { out } = await run('snippet')
  await writeFile(hook, before.replace('#!/bin/sh\n', `#!/bin/sh\nset -e\n${out}`))
  const id = await commitFiles(repository, { 'b.py': 'y = 1\n' }, 'sound')
  expect(await push(repository, ['origin', 'main:new'])).toEqual({ code: 0, err: '' })
  expect(await read(told)).toContain(`refs/heads/main ${id} refs/heads/new`)
  await commitFiles(repository, broken, 'broken')
  expect(await push(repository, ['origin', 'main'])).toMatchObject({ code: 1, err: expect.stringContaining('a.py') })
  expect(await install()).toMatchObject({ code: 0, out: expect.stringContaining('has it already') })
  expect(await uninstall()).toMatchObject({ code: 0 })
  expect(await read(hook)).toBe(before.replace('#!/bin/sh\n', '#!/bin/sh\nset -e\n'))
})

test('a script of husky gets it to its front, behind what starts the script anew', async () => {
  const told = join(folder.path, 'told')
  await git(repository, 'config', 'core.hooksPath', '.husky')
  await mkdir(join(repository, '.husky/_'), { recursive: true })
  const helper = '[ "$again" ] || { export again=1; sh -e "$0" "$@"; exit $?; }\n'
  await writeFile(join(repository, '.husky/_/husky.sh'), helper)
  const hook = join(repository, '.husky/pre-push')
  await writeScript(hook, `. "$(dirname -- "$0")/_/husky.sh"\n\n${telling(told)}`)
  const before = await state(join(repository, '.husky'))
  expect(await install()).toMatchObject({ code: 0, out: expect.stringContaining('which husky runs') })
  expect(await install()).toMatchObject({ code: 0, out: expect.stringContaining('has it already') })
  const id = await commitFiles(repository, { 'b.py': 'y = 1\n' }, 'sound')
  expect(await push(repository, ['origin', 'main'])).toEqual({ code: 0, err: '' })
  expect(await read(told)).toContain(id)
  await commitFiles(repository, broken, 'broken')
  expect(await push(repository, ['origin', 'main'])).toMatchObject({ code: 1, err: expect.stringContaining('a.py') })
  const written = await read(hook)
  await writeFile(hook, written.replace('firstbreak_status=0', 'firstbreak_status=1'))
  expect(await uninstall()).toMatchObject({ code: 2, err: expect.stringContaining('was changed since') })
  await writeFile(hook, written)
  await uninstall()
  expect(await state(join(repository, '.husky'))).toEqual(before)
})

test('the configuration of lefthook that is for everybody, and one of the user’s own, are not changed', async () => {
  await writeFile(join(repository, 'lefthook.yml'), 'pre-commit:\n  commands: {}\n')
  expect(await install()).toMatchObject({ code: 0, out: expect.stringContaining('run lefthook install') })
  expect(await read(join(repository, 'lefthook-local.yml'))).toContain('use_stdin: true')
  expect(await install()).toMatchObject({ code: 0, out: expect.stringContaining('is there already') })
  expect(await uninstall()).toMatchObject({ code: 0 })
  expect((await readdir(repository)).sort()).toEqual(['.git', 'Dockerfile', 'a.py', 'lefthook.yml'])
  await writeFile(join(repository, 'lefthook-local.yml'), 'pre-commit: {}\n')
  expect(await install()).toMatchObject({ code: 2, err: expect.stringContaining('firstbreak hook snippet --lefthook') })
  expect(await read(join(repository, 'lefthook-local.yml'))).toBe('pre-commit: {}\n')
  expect(await uninstall()).toMatchObject({ code: 0, out: expect.stringContaining('no hook of firstbreak') })
})

/** A PATH with git and what a shell needs, and no firstbreak. */
async function bare(...programs: string[]): Promise<{ PATH: string }> {
  const bin = join(folder.path, 'bin')
  await mkdir(bin, { recursive: true })
  for (const name of ['git', 'sh', 'cat', 'dirname', 'env', ...programs]) {
    const { stdout } = await execa('sh', ['-c', `command -v ${name}`])
    await symlink(stdout, join(bin, name)).catch(() => undefined)
  }
  return { PATH: bin }
}

testNeeding(needsPosix)(
  'where there is no firstbreak, the push is stopped, or let pass where that was asked for',
  async () => {
    await install()
    const environment = await bare()
    const missing = expect.stringMatching(
      /firstbreak: cannot be started.*\nTo push once as it is: git push --no-verify/,
    )
    expect(await push(repository, ['origin', 'main:new'], environment)).toEqual({ code: 1, err: missing })
    await install('--if-missing', 'pass')
    const passing = { code: 0, err: expect.stringContaining('firstbreak: cannot be started') }
    expect(await push(repository, ['origin', 'main:new'], environment)).toEqual(passing)
  },
)

testNeeding(needsPosix)('firstbreak is found in node_modules, also in those of the main working tree', async () => {
  await install()
  const environment = await bare()
  const local = join(repository, 'node_modules/.bin/firstbreak')
  await mkdir(join(local, '..'), { recursive: true })
  await writeScript(local, 'cat >&2; exit 1')
  expect(await push(repository, ['origin', 'main:new'], environment)).toMatchObject({
    code: 1,
    err: expect.stringContaining('refs/heads/main '),
  })
  await git(repository, 'worktree', 'add', '--quiet', '../linked', '-b', 'linked')
  expect(await push(join(folder.path, 'linked'), ['origin', 'linked'], environment)).toMatchObject({
    code: 1,
    err: expect.stringContaining('refs/heads/linked '),
  })
  await chmod(local, 0o644)
  expect(await push(repository, ['origin', 'main:new'], environment)).toMatchObject({
    code: 1,
    err: expect.stringContaining('cannot be started'),
  })
})

test('a bare repository is pushed from as well', async () => {
  const source = join(folder.path, 'source.git')
  await git(folder.path, 'clone', '--quiet', '--bare', 'repository', source)
  expect(await firstbreak(source, ['hook', 'install'])).toMatchObject({ code: 0 })
  await commitFiles(repository, broken, 'broken')
  await git(source, 'fetch', '--quiet', '../repository', 'main:main')
  expect(await push(source, ['../remote.git', 'main'])).toMatchObject({ code: 1, err: expect.stringContaining('a.py') })
})

test('pre-push by hand, and with what git does not write', async () => {
  expect(await run('pre-push')).toMatchObject({ code: 2, err: expect.stringContaining('is run by git') })
  const piped = (text: string) => firstbreak(repository, ['hook', 'pre-push', 'origin'], {}, undefined, text)
  expect(await piped('')).toEqual({ code: 0, out: '', err: '' })
  expect(await piped('nonsense\u001b\n')).toMatchObject({
    code: 2,
    err: expect.stringContaining('git does not write "nonsense\\u001b"'),
  })
})
