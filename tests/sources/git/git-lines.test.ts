import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Path } from '../../../src/model/path.ts'
import { gitLines } from '../../../src/sources/git/git-lines.ts'
import { openRepository } from '../../../src/sources/git/repository.ts'
import { commitFiles, git, makeRepository } from '../../support/repository.ts'
import { temporaryFolder } from '../../support/temporary.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeEach(async () => {
  folder = await temporaryFolder()
})
afterEach(() => folder[Symbol.asyncDispose]())

const top = () => join(folder.path, 'repository')
const lines = async () => gitLines(await openRepository(top()), await git(top(), 'rev-parse', 'HEAD'))
const at = (path: string) => path as Path

test('each line is of the commit that git blame names, under the name it had there', async () => {
  await makeRepository(top(), { 'old.py': 'a = 1\nb = 2\nc = 3\n' })
  await git(top(), 'mv', 'old.py', 'new "name".py')
  await git(top(), 'commit', '--quiet', '--message=Move it')
  const last = await commitFiles(top(), { 'new "name".py': 'a = 1\nb = 20\nc = 3\n' }, 'Count in tens\n\nAnd more.')
  const origins = await (await lines()).origins(at('new "name".py'), [3, 2])
  expect([...origins.keys()]).toEqual([2, 3])
  expect(origins.get(2)).toEqual({
    id: last,
    date: '2026-01-01T00:00:00Z',
    author: 'Author',
    summary: 'Count in tens',
    // Git prints it in quotes.
    path: null,
    isFirst: false,
  })
  expect(origins.get(3)).toMatchObject({ summary: 'first', path: 'old.py', isFirst: true })
})

test('the commits that changed lines come newest first, and no more of them than asked for', async () => {
  await makeRepository(top(), { 'a.py': 'a = 0\nb = 0\n' })
  for (const number of [1, 2, 3, 4]) {
    await commitFiles(top(), { 'a.py': `a = ${number}\nb = 0\n` }, `a is ${number}`)
    await commitFiles(top(), { 'a.py': `a = ${number}\nb = 0\n`, 'other.py': `${number}` }, 'something else')
  }
  const summaries = async (wanted: readonly number[], most: number) =>
    (await (await lines()).changes(at('a.py'), wanted, most)).map(({ summary }) => summary)
  expect(await summaries([1], 9)).toEqual(['a is 4', 'a is 3', 'a is 2', 'a is 1', 'first'])
  expect(await summaries([1], 2)).toEqual(['a is 4', 'a is 3'])
  expect(await summaries([2], 9)).toEqual(['first'])
  expect(await summaries([1, 2], 9)).toHaveLength(5)
  expect(await summaries([], 9)).toEqual([])
})

test('lines that are not there, and paths that are not, are git failures', async () => {
  await makeRepository(top(), { 'a.py': 'a = 0\n' })
  await expect((await lines()).origins(at('a.py'), [9])).rejects.toThrow('git failed in')
  await expect((await lines()).changes(at('b.py'), [1], 9)).rejects.toThrow('git failed in')
  await expect((await lines()).origins(at('\udcff.py'), [1])).rejects.toThrow('"\\udcff.py" is not UTF-8')
})
