import { chmod, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { type Path, rootPath } from '../../../src/model/path.ts'
import { openRepository } from '../../../src/sources/git/repository.ts'
import { worktree } from '../../../src/sources/git/worktree.ts'
import { asCommonUser } from '../../support/common-user.ts'
import { type Need, testNeeding } from '../../support/needs.ts'
import { git, makeRepository, writeFiles } from '../../support/repository.ts'
import { temporaryFolder } from '../../support/temporary.ts'
import { bytesOf, lines, pathsOf } from '../reading.ts'

const posix: Need = { name: 'a POSIX file system', present: process.platform !== 'win32' }
const linux: Need = { name: 'file names of any bytes', present: process.platform === 'linux' }

test('tracked and untracked files as the disk has them, ignored ones only by name', async () => {
  await using folder = await temporaryFolder()
  await makeRepository(folder.path, {
    'a.py': 'committed\n',
    'gone.py': '',
    'sub/b.py': 'b\n',
    '.gitignore': '*.log\nout/\n',
    'kept.log': 'tracked\n',
  })
  await writeFiles(folder.path, { 'a.py': 'dirty\r\n', 'new.py': 'n\n', 'x.log': 'ignored\n', 'out/made.py': 'm\n' })
  await rm(join(folder.path, 'gone.py'))
  const source = worktree(await openRepository(folder.path), rootPath)

  expect(source.stage).toEqual({ name: 'worktree', place: 'worktree', kind: 'worktree', reference: null })
  expect(await lines(source)).toEqual([
    'file .gitignore = *.log\nout/\n',
    'file a.py = dirty\r\n',
    'file kept.log = tracked\n',
    'file new.py = n\n',
    'file sub/b.py = b\n',
  ])
  expect(await lines(source, ['a.py', 'out/made.py', 'gone.py', 'sub'])).toEqual([
    'file a.py = dirty\r\n',
    'file out/made.py = m\n',
  ])
})

test('one directory of it', async () => {
  await using folder = await temporaryFolder()
  await makeRepository(folder.path, { 'a.py': '', 'app/b.py': '', 'app[1]/c.py': '', 'apple/d.py': '' })
  await writeFiles(folder.path, { 'app/new.py': '', 'new.py': '' })
  const repository = await openRepository(join(folder.path, 'app'))
  expect(await pathsOf(worktree(repository, 'app' as Path))).toEqual(['app/b.py', 'app/new.py'])
  expect(await pathsOf(worktree(repository, 'app[1]' as Path))).toEqual(['app[1]/c.py'])
  expect(await lines(worktree(repository, 'app' as Path), ['a.py', 'app/b.py'])).toEqual(['file app/b.py = '])
})

test('a directory in place of a file, and a file in place of a directory', async () => {
  await using folder = await temporaryFolder()
  await makeRepository(folder.path, { 'a.py': '', 'b/c.py': '' })
  await rm(join(folder.path, 'a.py'))
  await rm(join(folder.path, 'b'), { recursive: true })
  await writeFiles(folder.path, { 'a.py/inner.py': '', b: 'file\n' })
  expect(await lines(worktree(await openRepository(folder.path), rootPath))).toEqual([
    'file a.py/inner.py = ',
    'file b = file\n',
  ])
})

test('a file with a merge conflict comes once', async () => {
  await using folder = await temporaryFolder()
  await makeRepository(folder.path, { 'a.py': 'base\n' })
  await git(folder.path, 'checkout', '--quiet', '-b', 'other')
  await writeFiles(folder.path, { 'a.py': 'other\n' })
  await git(folder.path, 'commit', '--quiet', '-am', 'other')
  await git(folder.path, 'checkout', '--quiet', 'main')
  await writeFiles(folder.path, { 'a.py': 'main\n' })
  await git(folder.path, 'commit', '--quiet', '-am', 'main')
  await expect(git(folder.path, 'merge', 'other')).rejects.toThrow()
  expect(await lines(worktree(await openRepository(folder.path), rootPath))).toEqual([
    expect.stringMatching(/^file a.py = <<<<<<< HEAD\nmain\n/),
  ])
})

test('submodules by their commit; repositories within that are none are not looked into', async () => {
  await using folder = await temporaryFolder()
  await makeRepository(join(folder.path, 'library'), { 'l.py': '' })
  const main = join(folder.path, 'main')
  await makeRepository(main, { 'a.py': '' })
  await git(main, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', '../library', 'vendor')
  await makeRepository(join(main, 'nested'), { 'n.py': '' })
  const source = worktree(await openRepository(main), rootPath)
  expect((await lines(source)).filter(line => !line.startsWith('file .gitmodules'))).toEqual([
    'file a.py = ',
    `gitlink vendor @ ${await git(join(folder.path, 'library'), 'rev-parse', 'HEAD')}`,
  ])
})

testNeeding(posix)('a symbolic link is one, and nothing is read through it', async () => {
  await using folder = await temporaryFolder()
  const main = join(folder.path, 'main')
  await makeRepository(main, { 'sub/a.py': 'inside\n', 'b.py': '' })
  await writeFiles(folder.path, { 'outside/a.py': 'outside\n', 'outside/deep/a.py': 'outside\n' })
  await rename(join(main, 'sub'), join(main, 'moved'))
  await symlink('../outside', join(main, 'sub'))
  await symlink('b.py', join(main, 'link.py'))
  await symlink('nowhere', join(main, 'broken'))
  const source = worktree(await openRepository(main), rootPath)
  expect(await lines(source)).toEqual([
    'file b.py = ',
    'file moved/a.py = inside\n',
    'symlink broken -> nowhere',
    'symlink link.py -> b.py',
    'symlink sub -> ../outside',
  ])
  expect(await lines(source, ['sub/a.py', 'sub/deep/a.py', 'sub'])).toEqual(['symlink sub -> ../outside'])
})

testNeeding(linux)('names of any bytes', async () => {
  await using folder = await temporaryFolder()
  await makeRepository(folder.path, { 'a\nb\t".py': 'odd\n' })
  await mkdir(Buffer.concat([Buffer.from(`${folder.path}/`), Buffer.from('d\xe9', 'latin1')]))
  await writeFile(Buffer.concat([Buffer.from(`${folder.path}/`), Buffer.from('d\xe9/caf\xe9.py', 'latin1')]), 'latin\n')
  const source = worktree(await openRepository(folder.path), rootPath)
  expect(await lines(source)).toEqual(['file a\nb\t".py = odd\n', 'file d\udce9/caf\udce9.py = latin\n'])
  expect(await lines(source, ['d\udce9/caf\udce9.py'])).toEqual(['file d\udce9/caf\udce9.py = latin\n'])
})

testNeeding(posix)('a FIFO is no file, and nobody waits for it', async () => {
  await using folder = await temporaryFolder()
  await makeRepository(folder.path, { 'a.py': 'x\n' })
  const source = worktree(await openRepository(folder.path), rootPath)
  await expect(
    (async () => {
      for await (const entry of source.entries()) {
        await rm(join(folder.path, 'a.py'))
        await execa('mkfifo', [join(folder.path, 'a.py')])
        if (entry.kind === 'file') await bytesOf(entry.body())
      }
    })(),
  ).rejects.toMatchObject({ code: 'source-changed' })
  expect(await lines(source, ['a.py'])).toEqual(['special a.py'])
})

test.each([
  ['vanished', (file: string) => rm(file)],
  ['became shorter', (file: string) => writeFile(file, 'x')],
  ['became longer', (file: string) => writeFile(file, 'x'.repeat(400_000))],
])('a file that %s after it was listed', async (_name, change) => {
  await using folder = await temporaryFolder()
  await makeRepository(folder.path, { 'a.py': 'x'.repeat(300_000) })
  const reading = (async () => {
    for await (const entry of worktree(await openRepository(folder.path), rootPath).entries()) {
      await change(join(folder.path, 'a.py'))
      if (entry.kind === 'file') await bytesOf(entry.body())
    }
  })()
  await expect(reading).rejects.toMatchObject({ code: 'source-changed', message: expect.stringContaining('"a.py"') })
})

test.each([0, 1, 256 * 1024 - 1, 256 * 1024, 256 * 1024 + 1])('a file of %i bytes is read whole', async size => {
  await using folder = await temporaryFolder()
  await makeRepository(folder.path, { 'a.py': 'x'.repeat(size) })
  for await (const entry of worktree(await openRepository(folder.path), rootPath).entries()) {
    if (entry.kind === 'file') expect(await bytesOf(entry.body())).toHaveLength(size)
  }
})

testNeeding(posix)('a file that nobody may read is named', async () => {
  await using folder = await temporaryFolder()
  await makeRepository(folder.path, { 'a.py': 'x\n' })
  await chmod(join(folder.path, 'a.py'), 0)
  await asCommonUser(folder.path, async () => {
    await expect(lines(worktree(await openRepository(folder.path), rootPath))).rejects.toMatchObject({
      code: 'file-unreadable',
      message: expect.stringContaining('"a.py"'),
    })
  })
})

test('a bare repository has none', async () => {
  await using folder = await temporaryFolder()
  await git(folder.path, 'init', '--quiet', '--bare')
  const repository = await openRepository(folder.path)
  expect(() => worktree(repository, rootPath)).toThrow('is a bare repository')
})
