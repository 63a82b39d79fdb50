import type { ObjectFormat } from '../model/digest.ts'
import { VerifierError } from '../model/errors.ts'
import type { Bytecode, Manifest, PythonFile } from '../model/manifest.ts'
import { comparePaths, type Path, textOfName } from '../model/path.ts'
import { quoted } from '../model/quoted.ts'
import type { Entry, Source } from '../model/source.ts'
import { deletedFiles } from './deleted-files.ts'
import { buriedPath, duplicatesIn } from './duplicates.ts'
import { digestsOf, type FileDigests, hashFile } from './hash-file.ts'
import { noteTaker } from './image-notes.ts'
import { type Held, type Leaf, overlay } from './overlay.ts'
import { isPythonName, isPythonScript, mayBeScript, shebangBytes } from './python-name.ts'

interface Layer {
  readonly held: [Path, Held][]
  readonly whiteouts: Path[]
  readonly opaque: Path[]
}

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
  const takeNote = source.stage.place === 'image' ? noteTaker(started) : null
  const hold = (entry: Parameters<typeof heldBy>[0]) => heldIn(source, entry, objectFormat)
  const layers: Layer[] = []
  const gitlinks = new Map<Path, string>()
  const links = new Map<Path, string>()
  for await (const entry of source.entries()) {
    if (entry.kind === 'gitlink') gitlinks.set(entry.path, entry.commit)
    if (entry.kind === 'symlink' && source.stage.place !== 'image') links.set(entry.path, textOfName(entry.target))
    while (layers.length <= entry.layer) layers.push({ held: [], whiteouts: [], opaque: [] })
    const layer = layers[entry.layer]!
    if (entry.kind === 'whiteout') layer.whiteouts.push(entry.path)
    else if (entry.kind === 'opaque') layer.opaque.push(entry.path)
    else layer.held.push([entry.path, await (takeNote === null ? hold(entry) : takeNote(entry, hold))])
  }
  for (const { held } of layers) assertPossible(held, source)
  const held = overlay(layers)
  const named = [...held.values()].flatMap(leaf => (leaf.kind === 'python' ? [leaf.file] : []))
  const python = [...named, ...(await linkedFiles(held, source, objectFormat))]
  python.sort((a, b) => comparePaths(a.path, b.path))
  return {
    stage: source.stage,
    files: held.size,
    python: new Map(python.map(file => [file.path, file])),
    bytecode: new Map(
      [...held].flatMap(([path, leaf]) => (leaf.kind === 'other' && leaf.bytecode ? [[path, leaf.bytecode]] : [])),
    ),
    notes: new Map([...held].flatMap(([path, leaf]) => ('note' in leaf ? [[path, leaf.note]] : []))),
    deleted: deletedFiles(layers, path => held.has(path)),
    links,
    gitlinks,
    duplicates: layers.flatMap(({ held }, index) => duplicatesIn(held, index)),
  }
}

const pycHeaderBytes = 16

/** Only of an image it matters what bytecode it holds. */
async function heldIn(source: Source, entry: Parameters<typeof heldBy>[0], objectFormat: ObjectFormat): Promise<Held> {
  const isBytecode = source.stage.place === 'image' && entry.kind === 'file' && entry.path.endsWith('.pyc')
  return isBytecode ? { kind: 'other', bytecode: await readBytecode(entry) } : heldBy(entry, objectFormat)
}

async function readBytecode({ size, layer, body }: Entry & { kind: 'file' }): Promise<Bytecode> {
  let header: Uint8Array = Buffer.alloc(0)
  for await (const piece of body()) {
    header = Buffer.concat([header, piece.subarray(0, pycHeaderBytes - header.length)])
    if (header.length === pycHeaderBytes) break
  }
  return { size, layer, header }
}

/**
 * An upload is one tree, in which no file lies below another or below a link; whoever unpacks that anyway decides for
 * himself what becomes of it. (In a layer, what comes later takes the place.)
 */
function assertPossible(records: Layer['held'], { stage }: Source): void {
  const buried = stage.place === 'upload' ? buriedPath(records) : null
  if (buried === null) return
  const [path, below] = [quoted(buried.path), quoted(buried.below)]
  throw new VerifierError(
    'archive-unreadable',
    `${stage.name}: ${path} lies below ${below}, which is no directory: it unpacks to one thing here and to another there; make it again`,
  )
}

async function heldBy(
  entry: Exclude<Entry, { kind: 'whiteout' | 'opaque' }>,
  objectFormat: ObjectFormat,
): Promise<Held> {
  const { path, layer } = entry
  switch (entry.kind) {
    case 'file': {
      const named = isPythonName(path)
      if (!named && !(mayBeScript(path) && entry.size > 2)) return { kind: 'other' }
      const read = await digestsWhilePython(entry, named, objectFormat)
      if (read === null) return { kind: 'other' }
      const { script, ...digests } = read
      const time = entry.modifiedAt === undefined ? {} : { modifiedAt: entry.modifiedAt }
      return { kind: 'python', script, file: { kind: 'file', path, size: entry.size, layer, ...digests, ...time } }
    }
    case 'symlink': {
      if (!isPythonName(path)) return { kind: 'other' }
      const digests = digestsOf(entry.target, objectFormat)
      return {
        kind: 'python',
        script: false,
        file: { kind: 'symlink', path, size: entry.target.length, target: textOfName(entry.target), layer, ...digests },
      }
    }
    case 'hardlink':
      return { kind: 'hardlink', target: entry.target, layer }
    case 'directory':
      return { kind: 'directory' }
    default:
      return { kind: 'other' }
  }
}

/** Null, with the rest left unread, as soon as the first line says that a file without a telling name is no Python. */
async function digestsWhilePython(
  entry: Entry & { kind: 'file' },
  named: boolean,
  objectFormat: ObjectFormat,
): Promise<(FileDigests & { script: boolean }) | null> {
  const hash = hashFile(entry, objectFormat)
  let head: Uint8Array = Buffer.alloc(0)
  for await (const piece of entry.body()) {
    hash.update(piece)
    if (head.length >= shebangBytes) continue
    head = Buffer.concat([head, piece.subarray(0, shebangBytes - head.length)])
    if (!named && (head.length >= shebangBytes || head.includes(0x0a)) && !isPythonScript(head)) return null
  }
  const script = isPythonScript(head)
  return named || script ? { ...hash.digests(), script } : null
}

/**
 * The Python files that are second names of a file which its own name does not tell to be Python, read now.
 *
 * @throws VerifierError for a hard link that leads nowhere.
 */
async function linkedFiles(
  held: ReadonlyMap<Path, Leaf>,
  source: Source,
  objectFormat: ObjectFormat,
): Promise<PythonFile[]> {
  const links: { readonly path: Path; readonly target: Path; readonly layer: number }[] = []
  for (const [path, leaf] of held) {
    if (leaf.kind === 'dangling') throw danglingLink(source, path, leaf.target)
    if (leaf.kind === 'hardlink') links.push({ path, target: leaf.target, layer: leaf.layer })
  }
  if (links.length === 0) return []
  const files = new Map<Path, PythonFile & { readonly writtenIn: number }>()
  for await (const entry of source.entries(new Set(links.map(link => link.target)))) {
    if (entry.kind !== 'file') continue
    const hash = hashFile(entry, objectFormat)
    for await (const piece of entry.body()) hash.update(piece)
    const digests = hash.digests()
    for (const { path, layer } of links.filter(link => link.target === entry.path && link.layer >= entry.layer)) {
      const known = files.get(path)
      if (known !== undefined && known.writtenIn > entry.layer) continue
      files.set(path, { kind: 'file', path, size: entry.size, layer, ...digests, writtenIn: entry.layer })
    }
  }
  return [...files.values()].map(({ writtenIn: _, ...file }) => file)
}

function danglingLink({ stage }: Source, path: Path, target: Path): VerifierError {
  return new VerifierError(
    stage.place === 'image' ? 'image-unreadable' : 'archive-unreadable',
    `${stage.name}: ${quoted(path)} is a hard link to ${quoted(target)}, which is not there: make it again`,
  )
}
