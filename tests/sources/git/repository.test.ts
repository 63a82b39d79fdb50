import { mkdir, realpath } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { openRepository } from '../../../src/sources/git/repository.ts'
import { git, makeRepository } from '../../support/repository.ts'
import { temporaryFolder } from '../../support/temporary.ts'

afterEach(() => vi.unstubAllEnvs())

test('finds the top of the working tree from a folder in it', async () => {
  await using folder = await temporaryFolder()
  await makeRepository(folder.path, { 'a/b/c.py': '' })
  expect(await openRepository(join(folder.path, 'a', 'b'))).toEqual({
    directory: resolve(folder.path),
    objectFormat: 'sha1',
    bare: false,
  })
})

test('tells a SHA-256 repository', async () => {
  await using folder = await temporaryFolder()
  await makeRepository(folder.path, {}, { objectFormat: 'sha256' })
  expect((await openRepository(folder.path)).objectFormat).toBe('sha256')
})

test('a linked working tree is a top of its own', async () => {
  await using folder = await temporaryFolder()
  const main = join(folder.path, 'main')
  await makeRepository(main, { 'a.py': '' })
  await git(main, 'worktree', 'add', '--quiet', '../linked')
  expect((await openRepository(join(folder.path, 'linked'))).directory).toBe(join(folder.path, 'linked'))
})

test('opens a bare repository', async () => {
  await using folder = await temporaryFolder()
  await git(folder.path, 'init', '--quiet', '--bare', 'bare.git')
  expect(await openRepository(join(folder.path, 'bare.git'))).toMatchObject({
    directory: await realpath(join(folder.path, 'bare.git')),
    bare: true,
  })
})

test('in a hook, the directory decides and not GIT_DIR', async () => {
  await using folder = await temporaryFolder()
  await makeRepository(join(folder.path, 'asked'), {})
  await makeRepository(join(folder.path, 'hook'), {}, { objectFormat: 'sha256' })
  vi.stubEnv('GIT_DIR', join(folder.path, 'hook', '.git'))
  vi.stubEnv('GIT_WORK_TREE', join(folder.path, 'hook'))
  expect(await openRepository(join(folder.path, 'asked'))).toEqual({
    directory: join(folder.path, 'asked'),
    objectFormat: 'sha1',
    bare: false,
  })
})

test('a folder outside any repository', async () => {
  await using folder = await temporaryFolder()
  await expect(openRepository(folder.path)).rejects.toMatchObject({
    code: 'git-failed',
    message: expect.stringContaining('is not in a git repository'),
  })
})

test('a folder that is not there', async () => {
  await using folder = await temporaryFolder()
  await expect(openRepository(join(folder.path, 'missing'))).rejects.toMatchObject({
    code: 'git-failed',
    message: expect.stringMatching(/there is no folder ".*missing"/),
  })
})

test('the .git folder itself', async () => {
  await using folder = await temporaryFolder()
  await makeRepository(folder.path, {})
  await expect(openRepository(join(folder.path, '.git'))).rejects.toThrow('name its working tree instead')
})

test('a repository that git does not trust', async () => {
  await using folder = await temporaryFolder()
  await makeRepository(folder.path, {})
  vi.stubEnv('GIT_TEST_ASSUME_DIFFERENT_OWNER', '1')
  vi.stubEnv('GIT_CONFIG_GLOBAL', '/dev/null')
  vi.stubEnv('GIT_CONFIG_SYSTEM', '/dev/null')
  await expect(openRepository(folder.path)).rejects.toMatchObject({
    code: 'git-failed',
    message: expect.stringContaining('git config --global --add safe.directory'),
  })
})

test('no git on the PATH', async () => {
  await using folder = await temporaryFolder()
  await mkdir(join(folder.path, 'empty'))
  vi.stubEnv('PATH', join(folder.path, 'empty'))
  await expect(openRepository(folder.path)).rejects.toMatchObject({
    code: 'git-failed',
    message: 'git was not found: install it, or put it on the PATH',
  })
})
