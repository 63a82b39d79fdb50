import { extname } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { parseBlobId } from '../model/digest.ts'
import { VerifierError } from '../model/errors.ts'
import { baseName, bytesOfName, joinPath, type Path } from '../model/path.ts'
import { quoted } from '../model/quoted.ts'
import type { Entry, Source } from '../model/source.ts'
import { type GitObjects, gitObjects, missingObject } from './git-objects.ts'
import { parseGitPath } from './git-path.ts'
import { gitRecords, runGit } from './git-process.ts'
import type { Section } from './part-reader.ts'
import type { Repository } from './repository.ts'

/** Bytes. Longer than any system lets a symbolic link be. */
const longestLink = 64 * 1024

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
        const item = parseRecord(record, directory)
        if (only !== undefined && !only.has(item.path)) continue
        upcoming.push(item)
        if (upcoming.length > mostAhead) yield await take()
      }
      while (upcoming.length > 0) yield await take()
    },
  }
}

interface TreeItem {
  readonly path: Path
  readonly mode: string
  readonly id: string
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

async function entryOf(item: TreeItem, open: (item: TreeItem) => Promise<Section>): Promise<Entry> {
  const { path, mode, id, size } = item
  if (size === null) return { path, layer: 0, kind: 'gitlink', commit: id }
  const body = async function* () {
    yield* (await open(item)).body()
  }
  if (mode !== '120000') return { path, layer: 0, kind: 'file', size, blobId: parseBlobId(id), body }
  if (size > longestLink) {
    throw new VerifierError(
      'git-failed',
      `the symbolic link ${quoted(path)} is ${size} bytes long, more than a link can be`,
    )
  }
  return { path, layer: 0, kind: 'symlink', target: await buffer(body()) }
}

/** `<mode> <type> <id> <size, padded>\t<name>`, as `git ls-tree -l -z` has it. */
function parseRecord(record: Buffer, directory: Path): TreeItem {
  const tab = record.indexOf(0x09)
  const [mode = '', type, id = '', size = ''] = record.toString('latin1', 0, tab).split(/ +/)
  const fullPath = joinPath(directory, parseGitPath(record.subarray(tab + 1)))
  const likeness = `${mode} ${extname(baseName(fullPath))}`
  if (type === 'commit') return { path: fullPath, mode, id, size: null, likeness }
  if (!/^[0-9]+$/.test(size))
    throw new VerifierError('git-failed', `cannot read ${quoted(fullPath)}: ${missingObject(id)}`)
  return { path: fullPath, mode, id, size: Number(size), likeness }
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

interface NamedObject {
  readonly id: string
  readonly type: string
}

/** What each name stands for; undefined where it stands for nothing, or not for one thing. On stdin no name is an option. */
async function lookUp(repository: Repository, names: readonly string[]): Promise<(NamedObject | undefined)[]> {
  if (names.some(name => /[\n\0]/.test(name))) return []
  const input = Buffer.concat(names.flatMap(name => [bytesOfName(name), Buffer.from('\n')]))
  const output = await runGit(repository.directory, ['cat-file', '--batch-check=%(objectname) %(objecttype)'], input)
  return output
    .toString('latin1')
    .split('\n')
    .map(line => /^([0-9a-f]{40,64}) (commit|tree|blob|tag)$/.exec(line))
    .map(match => (match === null ? undefined : { id: match[1]!, type: match[2]! }))
}
