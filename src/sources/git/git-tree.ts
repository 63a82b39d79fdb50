import { extname } from 'node:path'
import { VerifierError } from '../../model/errors.ts'
import { baseName, type Path } from '../../model/path.ts'
import { quoted } from '../../model/quoted.ts'
import type { Source } from '../../model/source.ts'
import type { Section } from '../part-reader.ts'
import { entryOf, gitlinkMode, type ListedItem, parseTreeRecord } from './git-item.ts'
import { lookUp } from './git-names.ts'
import { type GitObjects, gitObjects, missingObject } from './git-objects.ts'
import { gitRecords, runGit } from './git-process.ts'
import type { Repository } from './repository.ts'

/** Items that are known before one is handed out. */
const mostAhead = 64

/**
 * The files of a commit, read from git's objects alone: no working tree, no index, no filters. Only what is below
 * `directory` is looked at; paths stay those of the repository.
 *
 * @throws VerifierError when `revision` names no commit, or the commit has no such directory.
 */
export async function gitTree(repository: Repository, revision: string, directory: Path): Promise<Source> {
  const commit = await resolveCommit(repository, revision)
  const tree = await resolveTree(repository, commit, directory)
  return {
    stage: { name: 'commit', place: 'commit', kind: 'git', reference: commit },
    async *entries(only) {
      await using objects = gitObjects(repository)
      const open = openingAhead(objects)
      const upcoming: TreeItem[] = []
      const take = () => entryOf(upcoming.shift()!, item => open(item, upcoming))
      for await (const record of gitRecords(repository.directory, ['ls-tree', '-r', '-z', '-l', tree])) {
        const item = parseSized(record, directory)
        if (only !== undefined && !only.has(item.path)) continue
        upcoming.push(item)
        if (upcoming.length > mostAhead) yield await take()
      }
      while (upcoming.length > 0) yield await take()
    },
  }
}

interface TreeItem extends ListedItem {
  /** Bytes; null for a submodule. */
  readonly size: number | null
  /** Mode and extension: who reads one of these is likely to read the others. */
  readonly likeness: string
}

/**
 * Opens an item of a tree, given those that come after it. Git is asked ahead for those that are like what was opened
 * before: nobody says beforehand which files will be read, and the others may be many and large.
 */
function openingAhead(objects: GitObjects): (item: TreeItem, upcoming: readonly TreeItem[]) => Promise<Section> {
  const opened = new Set<string>()
  return (item, upcoming) => {
    opened.add(item.likeness)
    return objects.open(
      item.id,
      upcoming.filter(each => opened.has(each.likeness)).map(({ id }) => id),
    )
  }
}

/** `<mode> <type> <id> <size, padded>\t<name>`, as `git ls-tree -l -z` has it. */
function parseSized(record: Buffer, directory: Path): TreeItem {
  const { size, ...item } = parseTreeRecord(record, directory)
  const likeness = `${item.mode} ${extname(baseName(item.path))}`
  if (item.mode === gitlinkMode) return { ...item, size: null, likeness }
  if (!/^[0-9]+$/.test(size))
    throw new VerifierError('git-failed', `cannot read ${quoted(item.path)}: ${missingObject(item.id)}`)
  return { ...item, size: Number(size), likeness }
}

async function resolveCommit(repository: Repository, revision: string): Promise<string> {
  const [commit, named] = await lookUp(repository, [`${revision}^{commit}`, revision])
  if (commit?.type === 'commit') return commit.id
  if (named !== undefined) {
    throw new VerifierError(
      'git-failed',
      `${quoted(revision)} is a ${named.type}, not a commit: name a commit, branch or tag`,
    )
  }
  const commits = await runGit(repository.directory, ['rev-list', '--all', '--max-count=1'])
  throw new VerifierError(
    'git-failed',
    commits.length === 0
      ? `the repository ${quoted(repository.directory)} has no commit yet: make one first`
      : `git knows no commit ${quoted(revision)}, or more than one: is it fetched, and spelt in full?`,
  )
}

async function resolveTree(repository: Repository, commit: string, directory: Path): Promise<string> {
  const [tree] = await lookUp(repository, [directory === '' ? `${commit}^{tree}` : `${commit}:${directory}`])
  if (tree?.type === 'tree') return tree.id
  throw new VerifierError(
    'git-failed',
    directory === ''
      ? `cannot read commit ${commit}: its tree is missing; complete the clone with git fetch`
      : `commit ${commit} has no directory ${quoted(directory)}: name one of the repository, by its path from the top`,
  )
}
