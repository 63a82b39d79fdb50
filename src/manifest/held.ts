import type { ObjectFormat } from '../model/digest.ts'
import type { Bytecode, PythonFile } from '../model/manifest.ts'
import { type Path, textOfName } from '../model/path.ts'
import type { Entry } from '../model/source.ts'
import type { Stage } from '../model/stage.ts'
import { digestsOf, type FileDigests, hashFile } from './hash-file.ts'
import { isPythonName, isPythonScript, mayBeScript, shebangBytes } from './python-name.ts'

/** What a record holds, as far as a manifest cares. */
export type Held =
  | {
      readonly kind: 'python'
      readonly file: PythonFile /** Its first line is a Python shebang. */
      readonly script: boolean
    }
  | { readonly kind: 'bytecode'; readonly bytecode: Bytecode }
  /** A second name for a file that its own name does not tell to be Python, so that nobody has read it yet. */
  | { readonly kind: 'unread'; readonly target: number; readonly layer: number }

type FileEntry = Entry & { readonly kind: 'file' }

/** Reads what of a record matters; null where nothing does, and what it holds stays unread. A promise only where it has to wait. */
export function heldBy(entry: Entry, { place }: Stage, objectFormat: ObjectFormat): Held | null | Promise<Held | null> {
  const { path } = entry
  if (entry.kind === 'symlink') return isPythonName(path) ? heldLink(entry, objectFormat) : null
  if (entry.kind !== 'file') return null
  // Only of an image it matters what bytecode it holds.
  if (place === 'image' && isBytecodeName(path)) return readBytecode(entry)
  const named = isPythonName(path)
  return named || (entry.size > 2 && mayBeScript(path)) ? readPython(entry, named, objectFormat) : null
}

export function isBytecodeName(path: Path): boolean {
  return path.endsWith('.pyc')
}

function heldLink(entry: Entry & { readonly kind: 'symlink' }, objectFormat: ObjectFormat): Held {
  const { path, layer, target } = entry
  const digests = digestsOf(target, objectFormat)
  const file = { kind: 'symlink', path, size: target.length, target: textOfName(target), layer, ...digests } as const
  return { kind: 'python', script: false, file }
}

function readPython(entry: FileEntry, named: boolean, objectFormat: ObjectFormat): Held | null | Promise<Held | null> {
  const bytes = entry.atHand?.() ?? null
  if (bytes === null) return digestsWhilePython(entry, named, objectFormat).then(read => heldPython(entry, read))
  const script = isPythonScript(bytes)
  return named || script ? heldPython(entry, { script, digests: digestsOf(bytes, objectFormat) }) : null
}

function heldPython(entry: FileEntry, read: PythonDigests | null): Held | null {
  if (read === null) return null
  const { path, layer, size, modifiedAt } = entry
  const { sha256, blobId } = read.digests
  return { kind: 'python', script: read.script, file: { kind: 'file', path, size, layer, sha256, blobId, modifiedAt } }
}

interface PythonDigests {
  readonly script: boolean
  readonly digests: FileDigests
}

/** Null, with the rest left unread, as soon as the first line says that a file without a telling name is no Python. */
async function digestsWhilePython(
  entry: FileEntry,
  named: boolean,
  objectFormat: ObjectFormat,
): Promise<PythonDigests | null> {
  const hash = hashFile(entry, objectFormat)
  let head: Uint8Array = Buffer.alloc(0)
  for await (const piece of entry.body()) {
    hash.update(piece)
    if (head.length >= shebangBytes) continue
    head = Buffer.concat([head, piece.subarray(0, shebangBytes - head.length)])
    if (!named && (head.length >= shebangBytes || head.includes(0x0a)) && !isPythonScript(head)) return null
  }
  const script = isPythonScript(head)
  return named || script ? { script, digests: hash.digests() } : null
}

const pycHeaderBytes = 16

async function readBytecode({ size, layer, body }: FileEntry): Promise<Held> {
  let header: Uint8Array = Buffer.alloc(0)
  for await (const piece of body()) {
    header = Buffer.concat([header, piece.subarray(0, pycHeaderBytes - header.length)])
    if (header.length === pycHeaderBytes) break
  }
  return { kind: 'bytecode', bytecode: { size, layer, header } }
}
