import { expect, test } from 'vitest'
import { findPast, type Wanted } from '../../../src/diagnosis/stale/find-past.ts'
import type { BlobId } from '../../../src/model/digest.ts'
import type { History, PastChange, PastCommit } from '../../../src/model/history.ts'
import type { Path } from '../../../src/model/path.ts'

/** What a commit holds: blob by path. */
type Tree = Readonly<Record<string, string>>

/** The commits of a line, newest first, from their trees. */
function lineOf(trees: readonly Tree[], name = ''): PastCommit[] {
  return trees.map((tree, i) => {
    const parent = trees[i + 1] ?? {}
    const paths = [...new Set([...Object.keys(tree), ...Object.keys(parent)])]
    const changes = paths
      .filter(path => tree[path] !== parent[path])
      .map(path => ({ path, before: parent[path] ?? null, after: tree[path] ?? null }) as PastChange)
    return { id: `${name}${i}`, date: '2026-01-01', changes }
  })
}

function historyOf(main: readonly Tree[], others: readonly PastCommit[] = [], held?: readonly string[]): History {
  async function* each(commits: readonly PastCommit[]) {
    yield* commits
  }
  return {
    held: async blobs => (held === undefined ? blobs : new Set(held as BlobId[])),
    mainLine: () => each(lineOf(main)),
    everywhere: () => each([...others, ...lineOf(main)]),
    isShallow: async () => false,
  }
}

/** `path committed inImage`, `-` for none. */
const wanted = (...lines: string[]): Wanted[] =>
  lines.map(line => {
    const [path, committed, inImage] = line.split(' ').map(word => (word === '-' ? null : word))
    return { path: path as Path, committed: committed as BlobId | null, inImage: inImage as BlobId | null }
  })

async function told(files: readonly Wanted[], history: History): Promise<string[]> {
  const found = await findPast(files, history)
  return [...found].map(([path, { commit, behind, path: at }]) => `${path}: ${commit}, ${behind ?? 'elsewhere'}, ${at}`)
}

test('a file as it was two commits ago, and at no older one', async () => {
  const history = historyOf([{ a: 'a3' }, { a: 'a2' }, { a: 'a1' }, { a: 'a1' }])
  expect(await told(wanted('a a3 a1'), history)).toEqual(['a: 2, 2, a'])
})

test('one commit stands for a whole image, though some of its files stood so for longer', async () => {
  const history = historyOf([
    { a: 'a3', b: 'b3', c: 'c2' },
    { a: 'a2', b: 'b3', c: 'c2' },
    { a: 'a1', b: 'b2', c: 'c1' },
    { a: 'a1', b: 'b1', c: 'c1' },
  ])
  expect(await told(wanted('a a3 a1', 'b b3 b1', 'c c2 c1'), history)).toEqual([
    'a: 3, 3, a',
    'b: 3, 3, b',
    'c: 3, 3, c',
  ])
})

test('of commits that are equal in the rest, the one that lacks what the image lacks', async () => {
  const history = historyOf([{ a: 'a2', n: 'n' }, { a: 'a1', n: 'n' }, { a: 'a1' }])
  expect(await told(wanted('a a2 a1', 'n n -'), history)).toEqual(['a: 2, 2, a', 'n: 2, 2, n'])
})

test('that a file is missing alone tells no commit', async () => {
  expect(await told(wanted('n n -'), historyOf([{ a: 'a', n: 'n' }, { a: 'a' }]))).toEqual([])
})

test('files of two commits keep the one each had', async () => {
  const history = historyOf([
    { a: 'a3', b: 'b3' },
    { a: 'a2', b: 'b2' },
    { a: 'a2', b: 'b1' },
  ])
  expect(await told(wanted('a a3 a2', 'b b3 b1', 'c - -'), history)).toEqual(['a: 2, 2, a', 'b: 2, 2, b'])
  const crossed = historyOf([
    { a: 'a3', b: 'b3', c: 'c3' },
    { a: 'a2', b: 'b2', c: 'c2' },
    { a: 'a1', b: 'b1', c: 'c1' },
  ])
  expect(await told(wanted('a a3 a2', 'b b3 b1', 'c c3 c1'), crossed)).toEqual([
    'a: 1, 1, a',
    'b: 2, 2, b',
    'c: 2, 2, c',
  ])
})

test('bytes of another branch, at another path', async () => {
  const side = lineOf([{ old: 'x2' }, { old: 'x1' }], 'side')
  expect(await told(wanted('a a1 x1'), historyOf([{ a: 'a1' }], side))).toEqual(['a: side1, elsewhere, old'])
})

test('bytes that no commit had, and bytes that the repository does not hold', async () => {
  expect(await told(wanted('a a2 z'), historyOf([{ a: 'a2' }, { a: 'a1' }]))).toEqual([])
  expect(await told(wanted('a a2 a1'), historyOf([{ a: 'a2' }, { a: 'a1' }], [], []))).toEqual([])
})

test('a file that came back to what it was is found at the newest commit', async () => {
  const history = historyOf([{ a: 'a2' }, { a: 'a1' }, { a: 'a0' }, { a: 'a1' }])
  expect(await told(wanted('a a2 a1'), history)).toEqual(['a: 1, 1, a'])
})
