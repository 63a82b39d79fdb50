import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { execa } from 'execa'
import { afterEach, expect, test, vi } from 'vitest'
import { type Path, rootPath, textOfName } from '../../../src/model/path.ts'
import { gitTree } from '../../../src/sources/git/git-tree.ts'
import { openRepository } from '../../../src/sources/git/repository.ts'
import { worktree } from '../../../src/sources/git/worktree.ts'
import { type Files, git, makeRepository } from '../../support/repository.ts'
import { temporaryFolder } from '../../support/temporary.ts'
import { bytesOf, lines, pathsOf } from '../reading.ts'

afterEach(() => vi.unstubAllEnvs())

const service: Files = {
  'app/main.py': 'x = 1\n',
  'app/empty.py': '',
  'lib/ä.py': 'crlf = 1\r\n',
  'README.md': '# r\n',
}

/** A tree of these entries, `<mode> <oid>\t<name>` each, named with any bytes, and a commit of it. */
async function commitOf(
  directory: string,
  entries: readonly { mode: string; id: string; name: Buffer }[],
): Promise<string> {
  const input = Buffer.concat(
    entries.flatMap(({ mode, id, name }) => [Buffer.from(`${mode} ${id}\t`), name, Buffer.from('\0')]),
  )
  await execa('git', ['update-index', '-z', '--index-info'], { cwd: directory, input })
  const tree = await git(directory, 'write-tree')
  return git(directory, 'commit-tree', tree, '-m', 'made')
}

test.each(['sha1', 'sha256'] as const)(
  'every file of a commit with its bytes and its %s blob id',
  async objectFormat => {
    await using folder = await temporaryFolder()
    await makeRepository(folder.path, service, { objectFormat })
    const source = await gitTree(await openRepository(folder.path), 'HEAD', rootPath)

    expect(source.stage).toEqual({
      name: 'commit',
      place: 'commit',
      kind: 'git',
      reference: await git(folder.path, 'rev-parse', 'HEAD'),
    })
    expect(await lines(source)).toEqual([
      'file README.md = # r\n',
      'file app/empty.py = ',
      'file app/main.py = x = 1\n',
      'file lib/ä.py = crlf = 1\r\n',
    ])
    for await (const entry of source.entries()) {
      if (entry.kind !== 'file') throw new Error(entry.kind)
      expect(entry.blobId).toBe(await git(folder.path, 'rev-parse', `HEAD:${entry.path}`))
      expect(entry.size).toBe(Buffer.byteLength(service[entry.path]!))
    }
  },
)

test('is the commit, whatever the working tree and the index say', async () => {
  await using folder = await temporaryFolder()
  await makeRepository(folder.path, { 'a.py': 'old\n' })
  await execa('git', ['rm', '--quiet', 'a.py'], { cwd: folder.path })
  expect(await lines(await gitTree(await openRepository(folder.path), 'main', rootPath))).toEqual(['file a.py = old\n'])
})

test('one directory of it, under paths from the top', async () => {
  await using folder = await temporaryFolder()
  await makeRepository(folder.path, service)
  const repository = await openRepository(folder.path)
  expect(await pathsOf(await gitTree(repository, 'HEAD', 'app' as Path))).toEqual(['app/empty.py', 'app/main.py'])
})

test('only the paths that are asked for', async () => {
  await using folder = await temporaryFolder()
  await makeRepository(folder.path, service)
  const source = await gitTree(await openRepository(folder.path), 'HEAD', rootPath)
  expect(await lines(source, ['app/main.py', 'no/such.py'])).toEqual(['file app/main.py = x = 1\n'])
})

test('links, submodules and names of any bytes', async () => {
  await using folder = await temporaryFolder()
  await makeRepository(folder.path, { 'to.txt': '../elsewhere' })
  const blob = await git(folder.path, 'rev-parse', 'HEAD:to.txt')
  const commit = await git(folder.path, 'rev-parse', 'HEAD')
  const revision = await commitOf(folder.path, [
    { mode: '120000', id: blob, name: Buffer.from('link') },
    { mode: '160000', id: commit, name: Buffer.from('vendor/sub') },
    { mode: '100644', id: blob, name: Buffer.from('caf\xe9\n"\t.py', 'latin1') },
  ])
  const repository = await openRepository(folder.path)
  expect(await lines(await gitTree(repository, revision, rootPath))).toEqual([
    'file caf\udce9\n"\t.py = ../elsewhere',
    'file to.txt = ../elsewhere',
    `gitlink vendor/sub @ ${commit}`,
    'symlink link -> ../elsewhere',
  ])
})

test('a directory whose name is no UTF-8', async () => {
  await using folder = await temporaryFolder()
  await makeRepository(folder.path, { 'a.py': 'x\n' })
  const id = await git(folder.path, 'rev-parse', 'HEAD:a.py')
  const name = Buffer.from('d\xff', 'latin1')
  const revision = await commitOf(folder.path, [
    { mode: '100644', id, name: Buffer.concat([name, Buffer.from('/b.py')]) },
  ])
  const source = await gitTree(await openRepository(folder.path), revision, textOfName(name) as Path)
  expect(await lines(source)).toEqual(['file d\udcff/b.py = x\n'])
})

test('bodies that are not read, or not to their end, leave the next ones whole', async () => {
  await using folder = await temporaryFolder()
  const big = 'y'.repeat(300_000)
  await makeRepository(folder.path, { 'a.py': big, 'b.py': big, 'c.py': 'c\n', 'd.py': big, 'e.py': 'e\n' })
  const source = await gitTree(await openRepository(folder.path), 'HEAD', rootPath)
  const read: Record<string, number> = {}
  for await (const entry of source.entries()) {
    if (entry.kind !== 'file' || entry.path === 'b.py') continue
    if (entry.path === 'a.py' || entry.path === 'd.py') {
      for await (const chunk of entry.body()) {
        read[entry.path] = chunk.length
        break
      }
    } else read[entry.path] = (await bytesOf(entry.body())).length
  }
  expect(read).toEqual({ 'a.py': expect.any(Number), 'c.py': 2, 'd.py': expect.any(Number), 'e.py': 2 })
  expect(read['a.py']).toBeLessThan(300_000)
})

test('can be gone over again, and left at any point', async () => {
  await using folder = await temporaryFolder()
  await makeRepository(folder.path, service)
  const source = await gitTree(await openRepository(folder.path), 'HEAD', rootPath)
  for (let times = 0; times < 3; times++) {
    for await (const entry of source.entries()) {
      if (entry.kind === 'file') await bytesOf(entry.body())
      break
    }
  }
  expect(await pathsOf(source)).toHaveLength(4)
})

test('leaving early ends git, however much it has still to say', async () => {
  await using folder = await temporaryFolder()
  await makeRepository(folder.path, { 'a.py': 'y'.repeat(300_000) })
  const id = await git(folder.path, 'rev-parse', 'HEAD:a.py')
  const many = Array.from({ length: 5000 }, (_, index) => Buffer.from(`${'n'.repeat(100)}-${index}.py`))
  const revision = await commitOf(
    folder.path,
    many.map(name => ({ mode: '100644', id, name })),
  )
  const repository = await openRepository(folder.path)
  const committed = await gitTree(repository, revision, rootPath)
  for (const source of [committed, worktree(repository, rootPath)]) {
    for await (const entry of source.entries()) {
      if (entry.kind === 'file') for await (const _chunk of entry.body()) break
      break
    }
  }
  await expect.poll(() => process.getActiveResourcesInfo()).not.toContain('ProcessWrap')
})

test('nothing stands in for an object, and no other object store is looked into', async () => {
  await using folder = await temporaryFolder()
  const [asked, other] = [join(folder.path, 'asked'), join(folder.path, 'other')]
  await makeRepository(asked, { 'a.py': 'right\n', 'b.py': 'wrong\n' })
  await makeRepository(other, {})
  await git(asked, 'replace', await git(asked, 'rev-parse', 'HEAD:a.py'), await git(asked, 'rev-parse', 'HEAD:b.py'))
  vi.stubEnv('GIT_OBJECT_DIRECTORY', join(other, '.git', 'objects'))
  vi.stubEnv('GIT_DIR', join(other, '.git'))
  const source = await gitTree(await openRepository(asked), 'HEAD', rootPath)
  expect(await lines(source)).toEqual(['file a.py = right\n', 'file b.py = wrong\n'])
})

test('an annotated tag names its commit', async () => {
  await using folder = await temporaryFolder()
  await makeRepository(folder.path, service)
  await git(folder.path, 'tag', '-a', 'v1', '-m', 'one')
  const source = await gitTree(await openRepository(folder.path), 'v1', rootPath)
  expect(source.stage.reference).toBe(await git(folder.path, 'rev-parse', 'HEAD'))
})

test.each([
  ['an unknown revision', 'nowhere', '', 'git knows no commit "nowhere"'],
  ['an object that is not there', 'f'.repeat(40), '', 'git knows no commit'],
  ['what could be an option', '--help', '', 'git knows no commit "--help"'],
  ['what could be two lines', 'HEAD\nHEAD', '', 'git knows no commit "HEAD\\nHEAD"'],
  ['a tree', 'HEAD^{tree}', '', '"HEAD^{tree}" is a tree, not a commit'],
  ['a file', 'HEAD:README.md', '', 'is a blob, not a commit'],
  ['a directory that is not there', 'HEAD', 'no/such', 'has no directory "no/such"'],
  ['a file in place of a directory', 'HEAD', 'README.md', 'has no directory "README.md"'],
])('%s is refused by name', async (_name, revision, directory, message) => {
  await using folder = await temporaryFolder()
  await makeRepository(folder.path, service)
  const repository = await openRepository(folder.path)
  await expect(gitTree(repository, revision, directory as Path)).rejects.toMatchObject({
    code: 'git-failed',
    message: expect.stringContaining(message),
  })
})

test('a branch whose name looks like an option is a branch', async () => {
  await using folder = await temporaryFolder()
  await makeRepository(folder.path, service)
  await git(folder.path, 'update-ref', 'refs/heads/-x', 'HEAD')
  expect(await pathsOf(await gitTree(await openRepository(folder.path), '-x', rootPath))).toHaveLength(4)
})

test('a repository without a commit', async () => {
  await using folder = await temporaryFolder()
  await git(folder.path, 'init', '--quiet')
  await expect(gitTree(await openRepository(folder.path), 'HEAD', rootPath)).rejects.toThrow('has no commit yet')
})

test('a bare repository', async () => {
  await using folder = await temporaryFolder()
  const bare = join(folder.path, 'bare.git')
  await makeRepository(join(folder.path, 'main'), service)
  await git(folder.path, 'clone', '--quiet', '--bare', 'main', bare)
  expect(await pathsOf(await gitTree(await openRepository(bare), 'HEAD', rootPath))).toHaveLength(4)
})

test('an object that a partial clone left behind is missing, and is not fetched', async () => {
  await using folder = await temporaryFolder()
  const [main, clone] = [join(folder.path, 'main'), join(folder.path, 'clone')]
  await makeRepository(main, service)
  await git(main, 'config', 'uploadpack.allowFilter', 'true')
  await git(folder.path, 'clone', '--quiet', '--no-checkout', '--filter=blob:none', pathToFileURL(main).href, clone)
  const source = await gitTree(await openRepository(clone), 'HEAD', rootPath)
  await expect(lines(source)).rejects.toMatchObject({
    code: 'git-failed',
    message: expect.stringContaining('--refetch'),
  })
  expect(await git(clone, 'rev-list', '--objects', '--missing=print', 'HEAD')).toMatch(/^\?/m)
})

test('an object that is lost is named with its file', async () => {
  await using folder = await temporaryFolder()
  await makeRepository(folder.path, service)
  const id = await git(folder.path, 'rev-parse', 'HEAD:app/main.py')
  await rm(join(folder.path, '.git', 'objects', id.slice(0, 2), id.slice(2)))
  const source = await gitTree(await openRepository(folder.path), 'HEAD', rootPath)
  await expect(pathsOf(source)).rejects.toMatchObject({
    code: 'git-failed',
    message: expect.stringContaining(`cannot read "app/main.py": git does not have the object ${id}`),
  })
})
