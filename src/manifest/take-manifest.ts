import type { ObjectFormat } from '../model/digest.ts'
import { VerifierError } from '../model/errors.ts'
import type { Manifest, PythonFile } from '../model/manifest.ts'
import { comparePaths, type Path, textOfName } from '../model/path.ts'
import { quoted } from '../model/quoted.ts'
import type { Entry, Source } from '../model/source.ts'
import { deletedFiles } from './deleted-files.ts'
import { type DuplicateFinder, duplicateFinder } from './duplicates.ts'
import { followHardLinks, type HardLink, readLinked } from './hard-links.ts'
import { type Held, heldBy } from './held.ts'
import { type Overlay, overlay } from './overlay.ts'
import { type Versions, versionsOfPaths } from './versions.ts'

/** Reads a stage through once: which Python files it holds in the end, sorted by path, and their digests. */
export async function takeManifest(source: Source, objectFormat: ObjectFormat): Promise<Manifest> {
  const read: Read = {
    tree: overlay(),
    versions: versionsOfPaths(),
    duplicates: duplicateFinder(),
    hardLinks: [],
    gitlinks: new Map(),
    links: new Map(),
  }
  for await (const entry of source.entries()) {
    const held = heldBy(entry, source.stage, objectFormat)
    // Most of an image is nothing to wait for.
    note(entry, held === null ? null : await held, read)
    if (entry.kind === 'symlink' && source.stage.place !== 'image') read.links.set(entry.path, textOfName(entry.target))
  }
  return manifestOf(source, read, objectFormat)
}

/** What was read of a stage so far. */
interface Read {
  readonly tree: Overlay
  readonly versions: Versions
  readonly duplicates: DuplicateFinder
  readonly hardLinks: HardLink[]
  readonly gitlinks: Map<Path, string>
  readonly links: Map<Path, string>
}

function note(entry: Entry, held: Held | null, read: Read): void {
  const { tree } = read
  if (entry.kind === 'whiteout') tree.hide(entry.path, entry.layer)
  else if (entry.kind === 'opaque') tree.empty(entry.path, entry.layer)
  else record(entry, held, read)
}

function record(entry: Exclude<Entry, { kind: 'whiteout' | 'opaque' }>, held: Held | null, read: Read): void {
  const { path, layer, kind } = entry
  const { tree, versions, duplicates } = read
  const number = tree.enter(path)
  const isDirectory = kind === 'directory'
  const before = tree.recordedBy(layer, number)
  if (before !== null) {
    duplicates.compare(path, layer, { ...before, held: versions.at(number, before.time) }, { isDirectory, held })
  }
  const time = tree.record(number, layer, isDirectory)
  if (held !== null) versions.add(number, time, held)
  if (kind === 'hardlink') read.hardLinks.push({ path: number, target: tree.enter(entry.target), layer, time })
  if (kind === 'gitlink') read.gitlinks.set(path, entry.commit)
}

async function manifestOf(source: Source, read: Read, objectFormat: ObjectFormat): Promise<Manifest> {
  const { tree, versions, hardLinks, duplicates, gitlinks, links } = read
  const outcome = tree.result()
  if (source.stage.place === 'upload') assertPossible(source, tree)
  followHardLinks(hardLinks, { source, tree, outcome, versions })
  const left = [...versions.all()].filter(([path, { time }]) => tree.filedAt(path) === time && outcome.isThere(path))
  const unread = left.flatMap(([path, { held }]) =>
    held.kind === 'unread' ? [{ path: tree.pathOf(path), target: tree.pathOf(held.target), layer: held.layer }] : [],
  )
  const python: PythonFile[] = left.flatMap(([, { held }]) => (held.kind === 'python' ? [held.file] : []))
  python.push(...(await readLinked(unread, source, objectFormat)))
  python.sort((a, b) => comparePaths(a.path, b.path))
  return {
    stage: source.stage,
    files: outcome.files,
    python: new Map(python.map(file => [file.path, file])),
    bytecode: new Map(
      left.flatMap(([path, { held }]) => (held.kind === 'bytecode' ? [[tree.pathOf(path), held.bytecode]] : [])),
    ),
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
