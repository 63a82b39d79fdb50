import { posix } from 'node:path'
import { type Path, parentPath, parsePath, textOfName } from '../../model/path.ts'
import type { TarEntry } from '../archive/tar.ts'
import type { Fail } from '../failure.ts'

/** What a saved image holds beside its layers. */
export interface Survey {
  readonly files: ReadonlySet<Path>
  /** Where a link leads: old engines store a layer that comes twice as a link. */
  readonly links: ReadonlyMap<Path, Path>
  /** What may be JSON: the configuration stands in front of the manifest that names it. */
  readonly documents: ReadonlyMap<Path, Buffer>
}

const maximumFiles = 100_000
const maximumDocumentSize = 32 * 1024 * 1024
const maximumDocumentsSize = 64 * 1024 * 1024

/** A record of what an image was saved to. */
export type SavedRecord = Pick<TarEntry, 'kind' | 'name' | 'linkName' | 'size'> & {
  readonly body: () => AsyncIterable<Uint8Array>
}

/**
 * Goes once over all that an image was saved to.
 *
 * @throws what `fail` makes, when it holds more than is read.
 */
export async function surveyImage(records: AsyncIterable<SavedRecord>, fail: Fail): Promise<Survey> {
  const files = new Set<Path>()
  const links = new Map<Path, Path>()
  const documents = new Map<Path, Buffer>()
  let documentsSize = 0
  for await (const entry of records) {
    const path = parsePath(entry.name)
    if (path === null) continue
    if (entry.kind === 'file') {
      files.add(path)
      documents.delete(path)
    }
    const target = linkTarget(entry, path)
    if (target !== null) links.set(path, target)
    const document = await documentOf(entry)
    if (document !== null) {
      documents.set(path, document)
      documentsSize += document.length
    }
    if (files.size + links.size > maximumFiles) throw fail(`it holds more than ${maximumFiles} files: it is no image`)
    if (documentsSize > maximumDocumentsSize) throw fail('it holds more than 64 MiB of JSON: it is no image')
  }
  return { files, links, documents }
}

/** The file that `path` is, or that its links lead to; null when there is none. */
export function resolveFile({ files, links }: Survey, path: Path): Path | null {
  const seen = new Set<Path>()
  for (let at: Path | undefined = path; at !== undefined && !seen.has(at); at = links.get(at)) {
    if (files.has(at)) return at
    seen.add(at)
  }
  return null
}

function linkTarget({ kind, linkName }: SavedRecord, path: Path): Path | null {
  if (kind === 'hardlink') return parsePath(linkName)
  if (kind === 'symlink') return parsePath(posix.join(parentPath(path), textOfName(linkName)))
  return null
}

/** The bytes of a file that begins as JSON of an object or an array does. */
async function documentOf({ kind, size, body }: SavedRecord): Promise<Buffer | null> {
  if (kind !== 'file' || size === 0 || size > maximumDocumentSize) return null
  const pieces: Uint8Array[] = []
  for await (const piece of body()) {
    if (pieces.length === 0 && !/^\s*[[{]/.test(Buffer.from(piece.subarray(0, 64)).toString('latin1'))) return null
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}
