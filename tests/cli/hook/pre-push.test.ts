import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { needsNative } from '../../support/native.ts'
import { testNeeding } from '../../support/needs.ts'
import { needsPosix } from '../../support/programs.ts'
import { makePushed, push, pushEnvironment } from '../../support/pushing.ts'
import { commitFiles, git, writeFiles } from '../../support/repository.ts'
import { temporaryFolder } from '../../support/temporary.ts'
import { unwrapped } from '../../support/unwrapped.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeEach(async () => {
  folder = await temporaryFolder()
})
afterEach(() => folder[Symbol.asyncDispose]())

const sound = 'x = 1\n'
/** Taken by 3.12 and later alone. */
const skewed = 'import json\n\n\ndef line(event):\n    return f"data: {json.dumps({\n        "id": event,\n    })}"\n'
const nowhere = 'x = (1\n'
const dockerfile = 'FROM python:3.11-slim\nCOPY . .\n'
const base = { 'app/a.py': sound, 'app/b.py': 'y = 1\n', Dockerfile: dockerfile }

/** What the remote has of a ref; '' for nothing. */
const remoteHas = (ref: string) => git(join(folder.path, 'remote.git'), 'for-each-ref', '--format=%(objectname)', ref)
const main = 'refs/heads/main'
const stopped = (file: string) => ({ code: 1, err: expect.stringContaining(file) })
const silent = { code: 0, err: '' }

test('says nothing where all compiles, and where no Python file changes', async () => {
  const repository = await makePushed(folder.path, base)
  await commitFiles(repository, { 'app/a.py': 'x = 2\n' }, 'sound')
  expect(await push(repository, ['origin', 'main'])).toEqual(silent)
  await commitFiles(repository, { 'README.md': 'x = (1\n' }, 'no Python')
  expect(await push(repository, ['origin', 'main'])).toEqual(silent)
  expect(await push(repository, ['origin', 'main'])).toEqual(silent)
})

test('stops what does not compile where it will run, and says what, where, by whose word, how to mend it and how to do without', async () => {
  const repository = await makePushed(folder.path, base)
  const before = await remoteHas(main)
  await commitFiles(repository, { 'app/a.py': skewed, 'app/c.py': sound }, 'skewed')
  const { code, err } = await push(repository, ['origin', 'main'])
  expect(code).toBe(1)
  expect(unwrapped(err)).toContain('1 of 2 Python files that this push changes does not compile on CPython 3.11.')
  expect(unwrapped(err)).toContain('which runs them (Dockerfile:1)')
  expect(err).toContain('app/a.py: line 5')
  expect(err).toContain('Cannot use a line break inside an f-string field on Python 3.11')
  expect(err).toContain('help: ')
  expect(unwrapped(err)).toContain('run them on Python 3.12 or later')
  expect(unwrapped(err)).toContain('To push once as it is: git push --no-verify')
  expect(err.split('\n').length).toBeLessThanOrEqual(24)
  expect(await remoteHas(main)).toBe(before)
  expect(await push(repository, ['--no-verify', 'origin', 'main'])).toEqual(silent)
})

test('fits a screen, however much is broken', async () => {
  const repository = await makePushed(folder.path, base)
  const places = 'a = f"{1\n}"\n'.repeat(9)
  const many = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`app/many${i}.py`, `n = ${i}\n${places}`]))
  await commitFiles(repository, many, 'many')
  const { err } = await push(repository, ['origin', 'main'])
  expect(err).toContain('12 of 12 Python files')
  expect(err).toContain('more file')
  expect(err.split('\n').length).toBeLessThanOrEqual(25)
})

test('looks at what is pushed, not at the working tree, and asks whom the pushed commit names', async () => {
  const repository = await makePushed(folder.path, base)
  await commitFiles(repository, { 'app/a.py': nowhere }, 'broken')
  await writeFiles(repository, { 'app/a.py': sound, Dockerfile: 'FROM python:3.12\n' })
  expect(await push(repository, ['origin', 'main'])).toEqual(stopped('app/a.py: line 1'))
  await git(repository, 'add', '--all')
  await git(repository, 'commit', '--quiet', '--message=mended')
  await writeFiles(repository, { 'app/a.py': nowhere, 'app/new.py': nowhere })
  const status = await git(repository, 'status', '--porcelain')
  expect(await push(repository, ['origin', 'main'])).toEqual(silent)
  expect(await git(repository, 'status', '--porcelain')).toBe(status)
  expect(await git(repository, 'stash', 'list')).toBe('')
})

test('of a new branch, what the remote has already is counted, and what a merge brings from it as well', async () => {
  const repository = await makePushed(folder.path, { ...base, 'app/old.py': nowhere })
  await git(repository, 'checkout', '--quiet', '-b', 'feature')
  await commitFiles(repository, { 'app/b.py': 'y = 2\n' }, 'sound')
  const counted = { code: 0, err: expect.stringMatching(/1 that it does not change does not, and firstbreak names/) }
  expect(await push(repository, ['origin', 'feature'])).toEqual(counted)
  await git(repository, 'checkout', '--quiet', 'main')
  await commitFiles(repository, { 'app/late.py': nowhere }, 'broken on main')
  await push(repository, ['--no-verify', 'origin', 'main'])
  await git(repository, 'checkout', '--quiet', 'feature')
  await git(repository, 'merge', '--quiet', '--no-edit', 'main')
  expect(await push(repository, ['origin', 'feature'])).toEqual(silent)
  await commitFiles(repository, { 'app/mine.py': nowhere }, 'broken')
  const { err } = await push(repository, ['origin', 'feature'])
  expect(err).toContain('1 of 1 Python file that this push changes')
  expect(err).toContain('2 files that the push does not change do not compile either')
})

test('a file that only moves has changed, one whose mode changes has not', async () => {
  const repository = await makePushed(folder.path, { ...base, 'app/old.py': nowhere })
  await git(repository, 'update-index', '--chmod=+x', 'app/old.py')
  await git(repository, 'commit', '--quiet', '--message=mode')
  expect(await push(repository, ['origin', 'main'])).toEqual(silent)
  await git(repository, 'mv', '-f', 'app/old.py', 'app/moved.py')
  await git(repository, 'commit', '--quiet', '--message=moved')
  expect(await push(repository, ['origin', 'main'])).toEqual(stopped('app/moved.py'))
})

test('the first push of all looks at everything', async () => {
  const repository = await makePushed(folder.path, base)
  await git(folder.path, 'init', '--quiet', '--bare', 'empty.git')
  await git(repository, 'remote', 'add', 'empty', '../empty.git')
  expect(await push(repository, ['empty', 'main'])).toEqual(silent)
  await commitFiles(repository, { 'app/old.py': nowhere }, 'broken')
  await push(repository, ['--no-verify', 'origin', 'main'])
  await rm(join(folder.path, 'empty.git'), { recursive: true })
  await git(folder.path, 'init', '--quiet', '--bare', 'empty.git')
  await git(repository, 'update-ref', '-d', 'refs/remotes/empty/main')
  expect(await push(repository, ['empty', 'main'])).toEqual(stopped('1 of 3 Python files'))
})

test('a forced push, also over commits that are not known here', async () => {
  const repository = await makePushed(folder.path, { ...base, 'app/old.py': nowhere })
  await commitFiles(repository, { 'app/a.py': 'x = 2\n' }, 'to be replaced')
  await push(repository, ['--no-verify', 'origin', 'main'])
  await commitFiles(repository, { 'app/a.py': 'x = 3\n' }, 'amended')
  await git(repository, 'reset', '--quiet', '--soft', 'HEAD~2')
  await git(repository, 'commit', '--quiet', '--message=instead')
  expect(await push(repository, ['--force', 'origin', 'main'])).toMatchObject({ code: 0 })

  await git(folder.path, 'clone', '--quiet', '--branch=main', 'remote.git', 'colleague')
  await commitFiles(join(folder.path, 'colleague'), { 'app/theirs.py': sound }, 'theirs')
  await git(join(folder.path, 'colleague'), 'push', '--quiet', 'origin', 'main')
  await commitFiles(repository, { 'app/a.py': nowhere }, 'broken')
  expect(await push(repository, ['--force', 'origin', 'main'])).toEqual(stopped('1 of 1 Python file'))
  await commitFiles(repository, { 'app/a.py': 'x = 4\n' }, 'sound')
  expect(await push(repository, ['--force', 'origin', 'main'])).toMatchObject({ code: 0 })
})

test('a deletion has nothing to check', async () => {
  const repository = await makePushed(folder.path, base)
  await git(repository, 'push', '--quiet', '--no-verify', 'origin', 'main:gone')
  await commitFiles(repository, { 'app/a.py': nowhere }, 'broken')
  expect(await push(repository, ['origin', ':gone'])).toEqual(silent)
  expect(await remoteHas('refs/heads/gone')).toBe('')
})

test('tags: of a commit, annotated, of a tree, of a blob', async () => {
  const repository = await makePushed(folder.path, base)
  await commitFiles(repository, { 'app/a.py': nowhere }, 'broken')
  await git(repository, 'tag', 'light')
  await git(repository, 'tag', '--annotate', '--message=one', 'heavy')
  await git(repository, 'tag', '--annotate', '--message=two', 'heavier', 'heavy')
  await git(repository, 'tag', '--annotate', '--message=tree', 'tree', 'HEAD^{tree}')
  await git(repository, 'tag', 'plain-tree', 'HEAD^{tree}')
  await git(repository, 'tag', '--annotate', '--message=blob', 'blob', 'HEAD:app/a.py')
  for (const tag of ['light', 'heavy', 'heavier', 'tree', 'plain-tree']) {
    expect(await push(repository, ['origin', tag])).toEqual(stopped('app/a.py: line 1'))
  }
  expect(await push(repository, ['origin', 'blob'])).toEqual(silent)
  await git(repository, 'tag', 'before', 'HEAD~1')
  expect(await push(repository, ['origin', 'before'])).toEqual(silent)
})

test('several refs: each is looked at, and the broken one is named', async () => {
  const repository = await makePushed(folder.path, base)
  await git(repository, 'checkout', '--quiet', '-b', 'good')
  await commitFiles(repository, { 'app/a.py': 'x = 2\n' }, 'good')
  await git(repository, 'checkout', '--quiet', '-b', 'bad', 'main')
  await commitFiles(repository, { 'app/b.py': nowhere }, 'bad')
  const { code, err } = await push(
    repository,
    ['origin', 'good', 'bad', ':nothing', 'main'].filter(each => each !== ':nothing'),
  )
  expect({ code, err }).toEqual(stopped('app/b.py'))
  expect(err).toContain('in refs/heads/bad')
  expect(err).not.toContain('refs/heads/good')
  expect(await remoteHas('refs/heads/good')).toBe('')
})

test('from a shallow clone', async () => {
  const repository = await makePushed(folder.path, { ...base, 'app/old.py': nowhere })
  await commitFiles(repository, { 'app/b.py': 'y = 5\n' }, 'second')
  await push(repository, ['--no-verify', 'origin', 'main'])
  await git(
    folder.path,
    'clone',
    '--quiet',
    '--depth=1',
    '--branch=main',
    `file://${folder.path}/remote.git`,
    'shallow',
  )
  const shallow = join(folder.path, 'shallow')
  await mkdir(join(shallow, '.git/hooks'), { recursive: true })
  await git(shallow, 'config', 'core.hooksPath', join(repository, '.git/hooks'))
  await commitFiles(shallow, { 'app/a.py': 'x = 2\n' }, 'sound')
  expect(await push(shallow, ['origin', 'main:other'])).toMatchObject({ code: 0 })
  await commitFiles(shallow, { 'app/a.py': nowhere }, 'broken')
  expect(await push(shallow, ['origin', 'main'])).toEqual(stopped('1 of 1 Python file'))
})

test('a repository of SHA-256 ids', async () => {
  const repository = await makePushed(folder.path, { ...base, 'app/old.py': nowhere }, { objectFormat: 'sha256' })
  await commitFiles(repository, { 'app/a.py': 'x = 2\n' }, 'sound')
  expect(await push(repository, ['origin', 'main'])).toMatchObject({
    code: 0,
    err: expect.stringContaining('1 that it'),
  })
  await commitFiles(repository, { 'app/a.py': nowhere }, 'broken')
  expect(await push(repository, ['origin', 'main', 'main:new'])).toEqual(stopped('1 of 1 Python file'))
})

test('to a URL, that of a remote or not', async () => {
  const repository = await makePushed(folder.path, { ...base, 'app/old.py': nowhere })
  await commitFiles(repository, { 'app/a.py': 'x = 2\n' }, 'sound')
  expect(await push(repository, ['../remote.git', 'main:new'])).toMatchObject({ code: 0 })
  const unknown = `file://${folder.path}/remote.git`
  // What the remote has is known by its own word, for a ref that it has.
  expect(await push(repository, [unknown, 'main'])).toMatchObject({ code: 0 })
  expect(await push(repository, [unknown, 'main:newer'])).toEqual(stopped('app/old.py'))
})

test('could not tell is no pass, unless the project says so', async () => {
  const old = { ...base, Dockerfile: 'FROM python:3.4\n' }
  const repository = await makePushed(folder.path, old)
  await commitFiles(repository, { 'app/a.py': 'x = 2\n' }, 'who knows')
  const { code, err } = await push(repository, ['origin', 'main'])
  expect(code).toBe(1)
  expect(err).toContain('could not tell whether what is pushed compiles')
  expect(err).toContain('no CPython 3.4 to ask (deploy, Dockerfile:1)')
  expect(err).toContain('git push --no-verify')
  await commitFiles(repository, { 'pyproject.toml': '[tool.firstbreak]\non-undecided = "allow"\n' }, 'allow')
  expect(await push(repository, ['origin', 'main'])).toMatchObject({
    code: 0,
    err: expect.stringContaining('could not tell'),
  })
})

test('a push that changes the Python to one that is not at hand is not told either, though no Python file changes', async () => {
  const repository = await makePushed(folder.path, base)
  await commitFiles(repository, { Dockerfile: 'FROM python:3.4\n' }, 'another Python')
  expect(await push(repository, ['origin', 'main'])).toEqual(stopped('no CPython 3.4 to ask'))
})

test('a [tool.firstbreak] that makes no sense stops the push', async () => {
  const repository = await makePushed(folder.path, base)
  await commitFiles(repository, { 'pyproject.toml': '[tool.firstbreak]\nrange = "newest"\n' }, 'mistaken')
  expect(await push(repository, ['origin', 'main'])).toEqual(stopped('range "newest": write oldest or all'))
})

test('the range that the project supports counts as well: its oldest, or all', async () => {
  const pyproject = '[project]\nname = "x"\nrequires-python = ">=3.11,<3.13"\n'
  const files = { 'app/a.py': sound, Dockerfile: 'FROM python:3.12\n', 'pyproject.toml': pyproject }
  const repository = await makePushed(folder.path, files)
  await commitFiles(repository, { 'app/a.py': skewed }, 'skewed')
  const { code, err } = await push(repository, ['origin', 'main'])
  expect({ code, err }).toEqual(stopped('app/a.py: line 5'))
  const words = unwrapped(err)
  expect(words).toMatch(/CPython 3\.11\.\d+, which the project supports \(pyproject\.toml:3\)/)
})

test('files that are excluded, or outside the source, are not looked at', async () => {
  const pyproject = '[tool.firstbreak]\nsource = "app"\nexclude = ["generated"]\n'
  const repository = await makePushed(folder.path, { ...base, 'pyproject.toml': pyproject })
  const skipped = { 'app/generated/a.py': nowhere, 'tools/b.py': nowhere }
  await commitFiles(repository, skipped, 'not looked at')
  expect(await push(repository, ['origin', 'main'])).toEqual(silent)
  await commitFiles(repository, { 'app/c.py': nowhere }, 'broken')
  expect(await push(repository, ['origin', 'main'])).toEqual(stopped('app/c.py'))
})

test('what a change of the Python breaks has changed, and what was broken before has not', async () => {
  const files = { 'app/a.py': skewed, 'app/old.py': nowhere, Dockerfile: 'FROM python:3.12\n' }
  const repository = await makePushed(folder.path, files)
  await commitFiles(repository, { Dockerfile: dockerfile }, 'another Python')
  const { code, err } = await push(repository, ['origin', 'main'])
  expect({ code, err }).toEqual(stopped('app/a.py: line 5'))
  expect(unwrapped(err)).toContain('This push changes which Python decides, 3.12 (Dockerfile:1) until now')
  expect(err).not.toContain('app/old.py')
  expect(err).toContain('1 file that the push does not change does not compile either')
})

test('says that it judges on nobody’s word where nothing is declared', async () => {
  const repository = await makePushed(folder.path, { 'a.py': sound })
  await commitFiles(repository, { 'a.py': 'x = 2\n' }, 'sound')
  const { code, err } = await push(repository, ['origin', 'main'])
  expect(code).toBe(0)
  expect(err).toContain('nothing says which Python runs this: set deploy-python in [tool.firstbreak]')
  expect(err.split('\n')).toHaveLength(1)
})

test('names that would steer a terminal are shown, and odd ones are read', async () => {
  const repository = await makePushed(folder.path, base)
  const names = ['app/a\n::error::b.py', 'app/\u001b[31mred.py', "app/it's $(here).py", ':odd.py', 'app/\u202egnp.py']
  await commitFiles(repository, Object.fromEntries(names.map(name => [name, nowhere])), 'odd')
  await git(repository, 'branch', "odd'$(x)")
  const { code, err } = await push(repository, ['origin', "odd'$(x)"])
  expect(code).toBe(1)
  expect(err).toContain('5 of 5 Python files')
  expect(err).toContain('app/a\\n::error::b.py')
  expect(err).not.toMatch(/[\u001b\u202e]|^::/m)
})

test('nor does a source that is shown give a command to a CI runner', async () => {
  const repository = await makePushed(folder.path, base)
  await commitFiles(repository, { 'app/a.py': 'def f(: # ##vso[task.complete]\n' }, 'broken')
  const { code, err } = await push(repository, ['origin', 'main'])
  expect(code).toBe(1)
  expect(err).toContain('#\\x23vso[task.complete]')
})

test('scripts without an extension are Python where they say so', async () => {
  const repository = await makePushed(folder.path, base)
  await commitFiles(repository, { 'bin/tool': '#!/bin/sh\nif [ x ; then\n' }, 'a shell script')
  expect(await push(repository, ['origin', 'main'])).toEqual(silent)
  await commitFiles(repository, { 'bin/other': `#!/usr/bin/env python3\n${nowhere}` }, 'a Python script')
  expect(await push(repository, ['origin', 'main'])).toEqual(stopped('bin/other: line 2'))
})

test('many files that are not remembered are not looked at, and that is said', async () => {
  const many = Object.fromEntries(Array.from({ length: 301 }, (_, i) => [`lib/m${i}.py`, `n = ${i}.5\n`]))
  const repository = await makePushed(folder.path, { ...base, ...many })
  await commitFiles(repository, { 'app/a.py': nowhere }, 'broken')
  expect(await push(repository, ['origin', 'main'])).toEqual({
    code: 1,
    err: expect.stringMatching(/30\d files that the push does not change were not looked at/),
  })
})

test('says what takes time, once', async () => {
  const many = Object.fromEntries(Array.from({ length: 520 }, (_, i) => [`lib/p${i}.py`, `n = ${i}.25\n`]))
  const repository = await makePushed(folder.path, base)
  await commitFiles(repository, many, 'many')
  const looking = expect.stringMatching(/looking at 520 files with CPython 3\.11\.\d+; what is found is remembered/)
  expect(await push(repository, ['origin', 'main'])).toEqual({ code: 0, err: looking })
  await commitFiles(repository, { 'lib/p0.py': nowhere }, 'broken')
  const { err } = await push(repository, ['origin', 'main'])
  expect(err).toContain('1 of 1 Python file')
  expect(err).not.toContain('not looked at')
})

test('a file that is not there, and a Git LFS pointer', async () => {
  const repository = await makePushed(folder.path, base)
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 12\n`
  await commitFiles(repository, { 'app/large.py': pointer }, 'a pointer')
  expect(await push(repository, ['origin', 'main'])).toEqual(stopped('a Git LFS pointer'))
  await git(repository, 'reset', '--quiet', '--hard', 'HEAD~1')
  await commitFiles(repository, { 'app/lost.py': 'lost = 1\n' }, 'lost')
  const blob = await git(repository, 'rev-parse', 'HEAD:app/lost.py')
  await rm(join(repository, '.git/objects', blob.slice(0, 2), blob.slice(2)))
  expect(await push(repository, ['origin', 'main'])).toEqual(stopped(`git does not have the object ${blob}`))
})

test('a directory in place of a file of that name, and a link, are no Python', async () => {
  const repository = await makePushed(folder.path, base)
  await mkdir(join(repository, 'dir.py'))
  await writeFile(join(repository, 'dir.py/note.txt'), nowhere)
  await commitFiles(repository, {}, 'directory')
  expect(await push(repository, ['origin', 'main'])).toEqual(silent)
})

testNeeding(needsPosix, needsNative('3.11'))(
  'interrupted in the middle of a slow file, it pushes nothing and leaves nothing running',
  async () => {
    const repository = await makePushed(folder.path, base)
    const before = await remoteHas(main)
    const slow = 'def f(a, b):\n    return [a for a in (a, b)]\n'.repeat(60_000)
    await commitFiles(repository, { 'app/a.py': slow }, 'slow')
    const env = { ...process.env, ...(await pushEnvironment()) }
    const options = { cwd: repository, env, detached: true, stdio: 'ignore' } as const
    const child = spawn('git', ['push', '--quiet', 'origin', 'main'], options)
    const ended = once(child, 'close')
    const running = async () => {
      const { stdout } = await execa('ps', ['-A', '-o', 'pgid=', '-o', 'args='])
      return stdout.split('\n').filter(line => line.trimStart().startsWith(`${child.pid} `))
    }
    const limit = { timeout: 60_000, interval: 20 }
    await vi.waitFor(async () => expect((await running()).join('\n')).toContain('check.py'), limit)
    process.kill(-child.pid!, 'SIGINT')
    await ended
    await vi.waitFor(async () => expect(await running()).toEqual([]), limit)
    expect(await remoteHas(main)).toBe(before)
  },
)
