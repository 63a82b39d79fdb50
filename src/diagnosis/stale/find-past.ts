import type { BlobId } from '../../model/digest.ts'
import type { PastFile } from '../../model/finding.ts'
import type { History, PastCommit } from '../../model/history.ts'
import { type Path, rootPath } from '../../model/path.ts'

/** A file that an image holds otherwise than the commit does. */
export interface Wanted {
  readonly path: Path
  /** As the commit has it. */
  readonly committed: BlobId | null
  /** As the image has it. */
  readonly inImage: BlobId | null
}

/**
 * Where the history holds files as they are wanted, by path: first at the one commit before this at which most of them
 * stood so, the newest of equals; else at the newest commit of its own line; else wherever any branch had such bytes, be it
 * under another path. Absent files are looked for in the first way only, and decide between commits that are equal in the rest.
 */
export async function findPast(wanted: readonly Wanted[], history: History): Promise<ReadonlyMap<Path, PastFile>> {
  const held = await history.held(new Set(wanted.flatMap(({ inImage }) => inImage ?? [])))
  const there = wanted.filter(({ inImage }) => inImage === null || held.has(inImage))
  if (!there.some(({ inImage }) => inImage !== null)) return new Map()
  const found = await findOnLine(there, history.mainLine())
  const left = there.filter(({ path, inImage }) => inImage !== null && !found.has(path))
  return left.length === 0 ? found : new Map([...found, ...(await findAnywhere(left, history.everywhere()))])
}

/** How many wanted files stand at a commit as they are wanted. */
interface Score {
  readonly present: number
  readonly absent: number
}

interface Best {
  readonly at: At
  readonly score: Score
  readonly paths: ReadonlySet<Path>
}

type At = Omit<PastFile, 'path'>

/** Goes back from tree to tree, by taking each commit's changes away again. */
async function findOnLine(
  wanted: readonly Wanted[],
  line: AsyncIterable<PastCommit>,
): Promise<ReadonlyMap<Path, PastFile>> {
  const wantedBlobs = new Map(wanted.map(({ path, inImage }) => [path, inImage]))
  const everyPresent = wanted.filter(({ inImage }) => inImage !== null).length
  const matching = new Set<Path>()
  const newest = new Map<Path, At>()
  let best: Best | null = null
  let behind = 0
  for await (const { id, date, changes } of line) {
    const at = { commit: id, date, behind }
    for (const path of matching) if (!newest.has(path)) newest.set(path, at)
    const score = scoreOf(matching, wantedBlobs)
    if (best === null || isMore(score, best.score)) best = { at, score, paths: new Set(matching) }
    // Older commits can only be worse once all was found and some is gone again.
    if (best.score.present === everyPresent && score.present < everyPresent) break
    for (const { path, before } of changes) {
      if (wantedBlobs.get(path) === before) matching.add(path)
      else matching.delete(path)
    }
    behind += 1
  }
  const found = new Map<Path, PastFile>()
  for (const [path, inImage] of wantedBlobs) {
    const at =
      best?.score.present !== 0 && best?.paths.has(path) ? best.at : inImage === null ? undefined : newest.get(path)
    if (at !== undefined) found.set(path, { ...at, path })
  }
  return found
}

function scoreOf(matching: ReadonlySet<Path>, wantedBlobs: ReadonlyMap<Path, BlobId | null>): Score {
  let present = 0
  for (const path of matching) if (wantedBlobs.get(path) !== null) present += 1
  return { present, absent: matching.size - present }
}

function isMore(a: Score, b: Score): boolean {
  return a.present > b.present || (a.present === b.present && a.absent > b.absent)
}

/** Stands for bytes that no commit was seen to bring. */
const nowhere: PastFile = { commit: '', date: '', behind: null, path: rootPath }

/** The newest commit of any branch that brought the bytes, whatever path they had there. */
async function findAnywhere(
  wanted: readonly Wanted[],
  commits: AsyncIterable<PastCommit>,
): Promise<ReadonlyMap<Path, PastFile>> {
  const places = new Map<BlobId | null, PastFile>(wanted.map(({ inImage }) => [inImage, nowhere]))
  let left = places.size
  for await (const { id, date, changes } of commits) {
    for (const { path, after } of changes) {
      if (places.get(after) !== nowhere) continue
      places.set(after, { commit: id, date, behind: null, path })
      left -= 1
    }
    if (left === 0) break
  }
  const found = wanted.map(({ path, inImage }) => [path, places.get(inImage)!] as const)
  return new Map(found.filter(([, place]) => place !== nowhere))
}
