import type { Note } from '../model/image-note.ts'
import type { Bytecode, PythonFile } from '../model/manifest.ts'
import { baseName, joinPath, type Path, parentPath, rootPath } from '../model/path.ts'
import { isPythonName, mayBeScript } from './python-name.ts'

/** What a stage holds at one path, as far as a manifest cares. */
export type Held =
  | {
      readonly kind: 'python'
      readonly file: PythonFile /** Its first line is a Python shebang. */
      readonly script: boolean
      readonly note?: Note
    }
  /** A file, symlink, submodule or special file that is no Python source. */
  | { readonly kind: 'other'; readonly bytecode?: Bytecode; readonly note?: Note }
  | { readonly kind: 'directory' }
  /** Another name, given in this layer, for what `target` is at that moment. */
  | { readonly kind: 'hardlink'; readonly target: Path; readonly layer: number }

/** What one layer changes, in the order in which it says so. */
export interface LayerChanges {
  readonly held: readonly (readonly [Path, Held])[]
  readonly whiteouts: readonly Path[]
  readonly opaque: readonly Path[]
}

/**
 * What is at a path in the end. A `hardlink` that is left is one whose target is no Python source by its own name, so
 * that nobody has read it yet; `dangling` one whose target was not there.
 */
export type Leaf = Exclude<Held, { kind: 'directory' }> | { readonly kind: 'dangling'; readonly target: Path }

/** A directory is its children. */
type Node = Map<string, Node> | Leaf

/**
 * What is left when layers are laid over one another, lowest first: whiteouts and opaque directories hide what is below
 * their own layer only; a file takes the place of a directory and a directory that of a file; of two records of one path
 * in a layer the last counts; whatever a layer says of a path, what is above it becomes directories. Rule: OCI image
 * specification, "Image Layer Filesystem Changeset", and where that leaves something open, what Docker makes of it.
 */
export function overlay(layers: readonly LayerChanges[]): ReadonlyMap<Path, Leaf> {
  const root = new Map<string, Node>()
  for (const { held, whiteouts, opaque } of layers) {
    for (const path of whiteouts) directoryFor(root, parentPath(path)).delete(baseName(path))
    for (const path of opaque) directoryFor(root, path).clear()
    for (const [path, record] of held) place(root, path, record)
  }
  return new Map(leaves(root))
}

function place(root: Map<string, Node>, path: Path, record: Held): void {
  const last = baseName(path)
  if (last === '') return
  const directory = directoryFor(root, parentPath(path))
  if (record.kind === 'directory') ensureDirectory(directory, last)
  else directory.set(last, record.kind === 'hardlink' ? linked(root, path, record) : record)
}

function linked(root: Map<string, Node>, path: Path, link: Held & { kind: 'hardlink' }): Leaf {
  const { target, layer } = link
  const found = directoryAt(root, parentPath(target))?.get(baseName(target))
  if (found === undefined || found instanceof Map) return { kind: 'dangling', target }
  if (found.kind === 'hardlink') return { ...found, layer }
  if (found.kind === 'python') {
    const isPython = isPythonName(path) || (found.script && mayBeScript(path))
    return isPython ? { ...found, file: { ...found.file, path, layer } } : { kind: 'other' }
  }
  return found.kind === 'other' && isPythonName(path) ? link : found
}

function ensureDirectory(parent: Map<string, Node>, name: string): Map<string, Node> {
  const found = parent.get(name)
  if (found instanceof Map) return found
  const made = new Map<string, Node>()
  parent.set(name, made)
  return made
}

/** What is there, if need be made: an engine does so for every record that stands below. */
function directoryFor(root: Map<string, Node>, path: Path): Map<string, Node> {
  if (path === '') return root
  return path.split('/').reduce(ensureDirectory, root)
}

function directoryAt(root: Map<string, Node>, path: Path): Map<string, Node> | null {
  let directory = root
  if (path === '') return directory
  for (const name of path.split('/')) {
    const found = directory.get(name)
    if (!(found instanceof Map)) return null
    directory = found
  }
  return directory
}

/** Without recursion: how deep the directories go is the archive's choice. */
function* leaves(root: Map<string, Node>): Generator<[Path, Leaf]> {
  const open: [Map<string, Node>, Path][] = [[root, rootPath]]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [directory, path] = next
    for (const [name, node] of directory) {
      if (node instanceof Map) open.push([node, joinPath(path, name)])
      else yield [joinPath(path, name), node]
    }
  }
}
