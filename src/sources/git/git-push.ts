import { VerifierError } from '../../model/errors.ts'
import type { Path } from '../../model/path.ts'
import type { PushedRef, PushTarget } from '../../model/push.ts'
import { type Listing, listTree } from './git-listing.ts'
import { lookUp, type NamedObject } from './git-names.ts'
import { missingObject } from './git-objects.ts'
import { parseGitPath } from './git-path.ts'
import { gitRecords, runGit } from './git-process.ts'
import type { Repository } from './repository.ts'

/** Commits of the remote that one push is compared with; with further ones no file counts as changed that was not. */
const mostBases = 32

/** A commit that is pushed, or a tree without one. */
export interface PushedTree {
  readonly id: string
  /** The names of the refs that carry it, as the user gave them. */
  readonly refs: readonly string[]
  readonly listing: Listing
  /** Paths that differ, or stand in one of the two alone, from every commit that the remote is known to have and this one is built on. */
  readonly changed: ReadonlySet<Path>
  /** The commit or tree that it takes the place of, or is built on; null where the remote has nothing of the kind. */
  readonly base: string | null
}

/**
 * What a push sends, each commit or tree once, in the order of the refs. A deletion sends nothing; a tag is what it leads to,
 * and one that leads to a single blob names no file. What the remote has is told by the ids that it named itself, as far as
 * they are known here, and by the remote-tracking refs.
 *
 * @throws VerifierError when git fails or lacks an object.
 */
export async function pushedTrees(
  repository: Repository,
  refs: readonly PushedRef[],
  target: PushTarget,
): Promise<readonly PushedTree[]> {
  const sent = refs.filter(({ localId }) => !isNothing(localId))
  const resolved = await resolve(
    repository,
    sent.flatMap(({ localId, remoteId }) => [localId, remoteId]),
  )
  const [local, remote] = [resolved.filter((_, i) => i % 2 === 0), resolved.filter((_, i) => i % 2 === 1)]
  const absent = sent.find((_, i) => !local[i]!.exists)
  if (absent !== undefined) throw new VerifierError('git-failed', missingObject(absent.localId))
  const remoteName = await nameOfRemote(repository, target)
  const known = new Set(remote.flatMap(({ commit }) => commit ?? []))
  const trees = new Map<string, Carried>()
  for (const [i, { localRef }] of sent.entries()) {
    const { commit, tree } = local[i]!
    const id = commit ?? tree
    if (id === null) continue
    const carried = trees.get(id) ?? { isCommit: commit !== null, refs: [], replaced: new Set() }
    carried.refs.push(localRef)
    const replaced = remote[i]!.commit ?? remote[i]!.tree
    if (replaced !== null) carried.replaced.add(replaced)
    trees.set(id, carried)
  }
  return Promise.all([...trees].map(each => compared(repository, each, { known, remoteName })))
}

/** One commit or tree, and what it is sent for. */
interface Carried {
  readonly isCommit: boolean
  readonly refs: string[]
  /** What the remote has in these places. */
  readonly replaced: Set<string>
}

/** What the remote has, as far as is known here: commits, and the remote whose tracking refs tell further ones. */
interface Remote {
  readonly known: ReadonlySet<string>
  readonly remoteName: string | null
}

async function compared(
  repository: Repository,
  [id, { isCommit, refs, replaced }]: readonly [string, Carried],
  remote: Remote,
): Promise<PushedTree> {
  const built = isCommit ? await builtOn(repository, id, remote) : []
  const bases = [...new Set([...replaced, ...built])].slice(0, mostBases)
  const [listing, changed] = await Promise.all([listTree(repository, id), changedSince(repository, id, bases)])
  return { id, refs, listing, changed: changed ?? new Set(listing.keys()), base: bases[0] ?? null }
}

function isNothing(id: string): boolean {
  return /^0*$/.test(id)
}

interface Resolved {
  readonly exists: boolean
  readonly commit: string | null
  readonly tree: string | null
}

/** What ids lead to, tags aside. */
async function resolve(repository: Repository, ids: readonly string[]): Promise<Resolved[]> {
  if (ids.length === 0) return []
  const names = ids.flatMap(id => [id, `${id}^{commit}`, `${id}^{tree}`])
  const found = await lookUp(repository, names)
  const of = (object: NamedObject | undefined, type: string) => (object?.type === type ? object.id : null)
  return ids.map((_, i) => {
    const [named, commit, tree] = found.slice(3 * i)
    return { exists: named !== undefined, commit: of(commit, 'commit'), tree: of(tree, 'tree') }
  })
}

/** A push to a URL goes to the remote that has it, if one does. */
async function nameOfRemote({ directory }: Repository, { name, url }: PushTarget): Promise<string | null> {
  if (name !== url) return name
  const records = (await runGit(directory, ['config', '-z', '--list'])).toString('utf8').split('\0')
  for (const record of records) {
    const [, remote, value] = /^remote\.(.+)\.(?:push)?url\n(.*)$/s.exec(record) ?? []
    if (value === url) return remote!
  }
  return null
}

/** The commits of the remote on which one is built: it alone where the remote has it. */
async function builtOn(
  { directory }: Repository,
  commit: string,
  { known, remoteName }: Remote,
): Promise<readonly string[]> {
  const tracked = remoteName === null ? [] : ['--not', `--remotes=${remoteName}`]
  if (tracked.length === 0 && known.size === 0) return []
  const input = [commit, ...[...known].map(id => `^${id}`)].join('\n')
  const output = await runGit(directory, ['rev-list', '--boundary', '--stdin', ...tracked], `${input}\n`)
  const lines = output.toString('latin1').split('\n')
  if (!lines.some(line => /^[0-9a-f]/.test(line))) return [commit]
  return lines.flatMap(line => (line.startsWith('-') ? [line.slice(1)] : []))
}

/** The paths at which a tree differs from each of the bases; null where there are none. */
async function changedSince(
  repository: Repository,
  tree: string,
  bases: readonly string[],
): Promise<ReadonlySet<Path> | null> {
  let changed: ReadonlySet<Path> | null = null
  for (const base of bases) {
    const differing = await differingPaths(repository, base, tree)
    const before: ReadonlySet<Path> = changed ?? differing
    changed = new Set([...before].filter(path => differing.has(path)))
    if (changed.size === 0) break
  }
  return changed
}

/** The paths that have other bytes in the one than in the other, or stand in one alone; a change of mode is none. */
async function differingPaths({ directory }: Repository, before: string, after: string): Promise<ReadonlySet<Path>> {
  const paths = new Set<Path>()
  const args = ['diff-tree', '-r', '-z', '--raw', '--no-abbrev', '--no-renames', '--no-relative', before, after]
  // Pairs of records: `:<modes> <before> <after> <status>` and the path.
  let heading: string[] | null = null
  for await (const record of gitRecords(directory, args)) {
    if (heading === null) {
      heading = record.toString('latin1').split(' ')
      continue
    }
    const [, , from, to] = heading
    if (from !== to) paths.add(parseGitPath(record))
    heading = null
  }
  return paths
}
