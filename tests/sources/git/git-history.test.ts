import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { BlobId } from '../../../src/model/digest.ts'
import type { PastCommit } from '../../../src/model/history.ts'
import type { Path } from '../../../src/model/path.ts'
import { gitHistory } from '../../../src/sources/git/git-history.ts'
import { openRepository } from '../../../src/sources/git/repository.ts'
import { drain } from '../../support/drain.ts'
import { commitFiles, git, makeRepository } from '../../support/repository.ts'
import { temporaryFolder } from '../../support/temporary.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeEach(async () => {
  folder = await temporaryFolder()
})
afterEach(() => folder[Symbol.asyncDispose]())

const at = () => join(folder.path, 'repository')
const history = async (directory = '', place = at()) =>
  gitHistory(await openRepository(place), await git(place, 'rev-parse', 'HEAD'), directory as Path)

/** `<subject's position>: path before>after`, by what the blobs hold. */
async function told(commits: AsyncIterable<PastCommit>): Promise<string[]> {
  const blob = async (id: BlobId | null) => (id === null ? '-' : git(at(), 'cat-file', 'blob', id))
  const lines: string[] = []
  for (const { id, changes } of await drain(commits)) {
    const each = changes.map(async ({ path, before, after }) => `${path} ${await blob(before)}>${await blob(after)}`)
    lines.push([await git(at(), 'log', '-1', '--format=%s', id), ...(await Promise.all(each))].join('; '))
  }
  return lines
}

test('each commit and what it changed, newest first', async () => {
  await makeRepository(at(), { 'app/a.py': 'one', 'b.py': 'b' })
  await commitFiles(at(), { 'app/a.py': 'two' }, 'second')
  await git(at(), 'rm', '--quiet', 'b.py')
  await git(at(), 'commit', '--quiet', '--message=third')
  const { mainLine } = await history()
  expect(await told(mainLine())).toEqual([
    'third; b.py b>-',
    'second; app/a.py one>two',
    'first; app/a.py ->one; b.py ->b',
  ])
})

test('of a part of the repository, every commit is counted and only its own files are told', async () => {
  await makeRepository(at(), { 'app/a.py': 'one', 'b.py': 'b' })
  await commitFiles(at(), { 'b.py': 'c' }, 'elsewhere')
  const { mainLine } = await history('app')
  expect(await told(mainLine())).toEqual(['elsewhere', 'first; app/a.py ->one'])
})

test('a merge stands for all that it brought, and what its branch did in between is told elsewhere', async () => {
  await makeRepository(at(), { 'a.py': 'one' })
  await git(at(), 'switch', '--quiet', '--create', 'side')
  await commitFiles(at(), { 'a.py': 'between' }, 'side 1')
  await commitFiles(at(), { 'a.py': 'two' }, 'side 2')
  await git(at(), 'switch', '--quiet', 'main')
  await git(at(), 'merge', '--quiet', '--no-ff', '--message=merge', 'side')
  const { mainLine, everywhere } = await history()
  expect(await told(mainLine())).toEqual(['merge; a.py one>two', 'first; a.py ->one'])
  expect(await told(everywhere())).toContain('side 1; a.py one>between')
})

test('a name that is no text, with a line break, in a repository of SHA-256', async () => {
  await makeRepository(at(), { 'a\nb é.py': 'one' }, { objectFormat: 'sha256' })
  const [commit] = await drain((await history()).mainLine())
  expect(commit!.changes.map(({ path }) => path)).toEqual(['a\nb é.py'])
  expect(commit!.changes[0]!.after).toHaveLength(64)
})

test('settings of the user that change what git log prints change nothing here', async () => {
  await makeRepository(at(), { 'a.py': 'one' })
  await commitFiles(at(), { 'b.py': 'one' }, 'second')
  await git(at(), 'rm', '--quiet', 'a.py')
  await git(at(), 'commit', '--quiet', '--message=third')
  for (const [name, value] of [
    ['log.showSignature', 'true'],
    ['diff.renames', 'copies'],
    ['diff.relative', 'true'],
    ['log.showRoot', 'false'],
    ['log.date', 'relative'],
    ['core.abbrev', '5'],
  ] as const)
    await git(at(), 'config', name, value)
  const { mainLine } = await history()
  expect(await told(mainLine())).toEqual(['third; a.py one>-', 'second; b.py ->one', 'first; a.py ->one'])
})

test('which blobs are held; in a shallow clone and in a partial one', async () => {
  await makeRepository(at(), { 'a.py': 'one' })
  const one = (await git(at(), 'rev-parse', 'HEAD:a.py')) as BlobId
  await commitFiles(at(), { 'a.py': 'two' }, 'second')
  const none = '0123456789012345678901234567890123456789' as BlobId
  const asked = new Set([one, none])
  expect(await (await history()).held(asked)).toEqual(new Set([one]))
  expect(await (await history()).isShallow()).toBe(false)

  const shallow = join(folder.path, 'shallow')
  await git(folder.path, 'clone', '--quiet', '--depth=1', `file://${at()}`, shallow)
  expect(await (await history('', shallow)).isShallow()).toBe(true)
  expect(await (await history('', shallow)).held(asked)).toEqual(new Set())
  expect(await drain((await history('', shallow)).mainLine())).toHaveLength(1)

  const partial = join(folder.path, 'partial')
  await git(at(), 'config', 'uploadpack.allowFilter', 'true')
  await git(folder.path, 'clone', '--quiet', '--filter=blob:none', `file://${at()}`, partial)
  expect(await (await history('', partial)).held(asked)).toEqual(asked)
  expect(await drain((await history('', partial)).mainLine())).toHaveLength(2)
})
