import { type BlobId, parseBlobId } from '../../model/digest.ts'
import type { History, PastChange, PastCommit } from '../../model/history.ts'
import type { Path } from '../../model/path.ts'
import { parseGitPath } from './git-path.ts'
import { gitRecords, runGit } from './git-process.ts'
import type { Repository } from './repository.ts'

/** Commits after which the search for older bytes is given up: some seconds of git's time. */
const mostCommits = 50_000

/**
 * The history of `directory` up to `commit`, read from commits and trees alone: no blob is opened, none is fetched. Paths are
 * those of the repository.
 */
export function gitHistory(repository: Repository, commit: string, directory: Path): History {
  const { directory: folder } = repository
  return {
    async held(blobs) {
      if (await leavesBlobsOut(folder)) return blobs
      const output = await runGit(folder, ['cat-file', '--batch-check=%(objecttype)'], `${[...blobs].join('\n')}\n`)
      const types = output.toString('latin1').split('\n')
      return new Set([...blobs].filter((_, index) => types[index] === 'blob'))
    },
    mainLine: () => commits(folder, ['--first-parent', commit], directory),
    everywhere: () => commits(folder, ['--all', commit], directory),
    isShallow: () => isShallow(folder),
  }
}

/** Whether the clone in this folder was cut off. */
export async function isShallow(folder: string): Promise<boolean> {
  return (await answerOf(folder, ['rev-parse', '--is-shallow-repository'])) === 'true'
}

/** A partial clone names a remote that has what it lacks. */
async function leavesBlobsOut(folder: string): Promise<boolean> {
  const pattern = String.raw`^(extensions\.partialclone|remote\..*\.promisor)$`
  const names = ['config', '--includes', '--name-only', '--list']
  return (await answerOf(folder, names)).split('\n').some(name => new RegExp(pattern, 'i').test(name))
}

async function answerOf(folder: string, args: readonly string[]): Promise<string> {
  return (await runGit(folder, args)).toString('utf8').trimEnd()
}

/** Each commit as `@<id> <date>`, then a pair of records for each change: `:<modes> <before> <after> <status>` and the path. */
async function* commits(folder: string, revisions: readonly string[], directory: Path): AsyncGenerator<PastCommit> {
  const shape = [
    '--raw',
    '-z',
    '-r',
    '--no-abbrev',
    '--no-renames',
    '--no-relative',
    '--root',
    '--format=tformat:@%H %cI',
  ]
  const order = [
    '--topo-order',
    '--full-history',
    '--sparse',
    '--diff-merges=first-parent',
    `--max-count=${mostCommits}`,
  ]
  const args = ['-c', 'log.showSignature=false', 'log', ...shape, ...order, ...revisions]
  let current: { id: string; date: string; changes: PastChange[] } | null = null
  let change: Omit<PastChange, 'path'> | null = null
  for await (const record of gitRecords(folder, [...args, '--', ...(directory === '' ? [] : [directory])])) {
    if (change !== null) {
      const path = parseGitPath(record)
      current?.changes.push({ ...change, path })
      change = null
      continue
    }
    const text = record.toString('latin1').trimStart()
    if (text.startsWith(':')) {
      const [, , before = '', after = ''] = text.split(' ')
      change = { before: blobOf(before), after: blobOf(after) }
    } else if (text.startsWith('@')) {
      if (current !== null) yield current
      const [id = '', date = ''] = text.slice(1).split(' ')
      current = { id, date, changes: [] }
    }
  }
  if (current !== null) yield current
}

/** An id of zeros alone stands for no file. */
function blobOf(id: string): BlobId | null {
  return /^0+$/.test(id) ? null : parseBlobId(id)
}
