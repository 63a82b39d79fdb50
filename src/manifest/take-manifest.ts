import type { ObjectFormat } from '../model/digest.ts'
import { VerifierError } from '../model/errors.ts'
import type { Note } from '../model/image-note.ts'
import type { Bytecode, Manifest, PythonFile } from '../model/manifest.ts'
import { comparePaths, type Path, textOfName } from '../model/path.ts'
import { quoted } from '../model/quoted.ts'
import type { Entry, Source } from '../model/source.ts'
import { deletedFiles } from './deleted-files.ts'
import { type DuplicateFinder, duplicateFinder } from './duplicates.ts'
import { followHardLinks, type HardLink, readLinked, type UnreadLink } from './hard-links.ts'
import { type Held, heldBy } from './held.ts'
import { noteTaker } from './image-notes.ts'
import { type Overlay, overlay } from './overlay.ts'
import { type Versions, versionsOfPaths } from './versions.ts'

/**
 * Reads a stage through once: which Python files it holds in the end, sorted by path, and their digests.
 *
 * @param started files of an image that its entrypoint and command name: notes are taken of them as well.
 */
export async function takeManifest(
  source: Source,
  objectFormat: ObjectFormat,
  started: ReadonlySet<Path> = new Set(),
): Promise<Manifest> {
  const takeNote = source.stage.place === 'image' ? noteTaker(started) : () => null
  const read: Read = {
    tree: overlay(),
    versions: versionsOfPaths(),
    notes: versionsOfPaths(),
    duplicates: duplicateFinder(),
    hardLinks: [],
    gitlinks: new Map(),
    links: new Map(),
  }
  for await (const entry of source.entries()) {
    // Most of an image is nothing to wait for.
    const taking = entry.kind === 'whiteout' || entry.kind === 'opaque' ? null : takeNote(entry)
    const { whole, note } = taking === null ? { whole: entry, note: null } : await taking
    const holding = heldBy(whole, source.stage, objectFormat)
    take(entry, { held: holding instanceof Promise ? await holding : holding, note }, read)
    if (entry.kind === 'symlink' && source.stage.place !== 'image') read.links.set(entry.path, textOfName(entry.target))
  }
  return manifestOf(source, read, objectFormat)
}

/** What was read of a stage so far. */
interface Read {
  readonly tree: Overlay
  readonly versions: Versions<Held>
  readonly notes: Versions<Note>
  readonly duplicates: DuplicateFinder
  readonly hardLinks: HardLink[]
  readonly gitlinks: Map<Path, string>
  readonly links: Map<Path, string>
}

/** What of a record matters. */
interface Taken {
  readonly held: Held | null
  readonly note: Note | null
}

function take(entry: Entry, taken: Taken, read: Read): void {
  const { tree } = read
  if (entry.kind === 'whiteout') tree.hide(entry.path, entry.layer)
  else if (entry.kind === 'opaque') tree.empty(entry.path, entry.layer)
  else record(entry, taken, read)
}

function record(entry: Exclude<Entry, { kind: 'whiteout' | 'opaque' }>, { held, note }: Taken, read: Read): void {
  const { path, layer, kind } = entry
  const { tree, versions, notes, duplicates } = read
  const number = tree.enter(path)
  const isDirectory = kind === 'directory'
  const before = tree.recordedBy(layer, number)
  if (before !== null) {
    duplicates.compare(path, layer, { ...before, held: versions.at(number, before.time) }, { isDirectory, held })
  }
  const time = tree.record(number, layer, isDirectory)
  if (held !== null) versions.add(number, time, held)
  if (note !== null) notes.add(number, time, note)
  if (kind === 'hardlink') read.hardLinks.push({ path: number, target: tree.enter(entry.target), layer, time })
  if (kind === 'gitlink') read.gitlinks.set(path, entry.commit)
}

async function manifestOf(source: Source, read: Read, objectFormat: ObjectFormat): Promise<Manifest> {
  const { tree, versions, notes, hardLinks, duplicates, gitlinks, links } = read
  const outcome = tree.result()
  if (source.stage.place === 'upload') assertPossible(source, tree)
  followHardLinks(hardLinks, { source, tree, outcome, versions, notes })
  const isLeft = (path: number, time: number) => tree.filedAt(path) === time && outcome.isThere(path)
  const python: PythonFile[] = []
  const bytecode = new Map<Path, Bytecode>()
  const unread: UnreadLink[] = []
  versions.each((path, { time, held }) => {
    if (!isLeft(path, time)) return
    if (held.kind === 'python') python.push(held.file)
    else if (held.kind === 'bytecode') bytecode.set(tree.pathOf(path), held.bytecode)
    else unread.push({ path: tree.pathOf(path), target: tree.pathOf(held.target), layer: held.layer })
  })
  const noted = new Map<Path, Note>()
  notes.each((path, { time, held }) => {
    if (isLeft(path, time)) noted.set(tree.pathOf(path), held)
  })
  python.push(...(await readLinked(unread, source, objectFormat)))
  python.sort((a, b) => comparePaths(a.path, b.path))
  return {
    stage: source.stage,
    files: outcome.files,
    python: new Map(python.map(file => [file.path, file])),
    bytecode,
    notes: noted,
    deleted: deletedFiles(versions, outcome),
    links,
    gitlinks,
    duplicates: duplicates.found(),
  }
}

/**
 * An upload is one tree, in which no file lies below another or below a link; whoever unpacks that anyway decides for
 * himself what becomes of it. (In a layer, what comes later takes the place.)
 */
function assertPossible({ stage }: Source, tree: Overlay): void {
  const buried = tree.buried()
  if (buried === null) return
  const [path, below] = [buried.path, buried.below].map(number => quoted(tree.pathOf(number)))
  throw new VerifierError(
    'archive-unreadable',
    `${stage.name}: ${path} lies below ${below}, which is no directory: it unpacks to one thing here and to another there; make it again`,
  )
}
