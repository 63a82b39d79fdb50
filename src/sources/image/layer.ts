import { createHash } from 'node:crypto'
import { baseName, type Path, parentPath, parsePath, textOfName } from '../../model/path.ts'
import type { Entry } from '../../model/source.ts'
import { type ArchiveLimits, startMeter } from '../archive/archive-limits.ts'
import { readTar, type TarEntry } from '../archive/tar.ts'
import { excerpt, type Fail, failureOfPart } from '../failure.ts'
import { unpackedWithin } from './image-compression.ts'
import { digestInName } from './image-documents.ts'
import { type LayerLinks, layerLinks } from './layer-links.ts'

/** A layer as the image lists it. */
export interface Layer {
  /** Counted from the lowest, 0. */
  readonly index: number
  /** Where the image's tar holds it. */
  readonly file: Path
  /** `sha256:…` of the uncompressed layer. */
  readonly diffId: string
  /** The instruction that made it. */
  readonly createdBy: string | null
}

/** `layer 3, "COPY . ."`, for a message. */
export function titleOf({ index, createdBy }: Pick<Layer, 'index' | 'createdBy'>): string {
  return createdBy === null ? `layer ${index}` : `layer ${index}, ${excerpt(createdBy)}`
}

/**
 * What a layer records, in its own order.
 *
 * @param blob the layer as the image's tar holds it, compressed or not.
 * @throws what `fail` makes, naming the layer, where it is beyond the limits; after the last entry, when it is not what its digest
 *   says.
 */
export async function* layerEntries(
  blob: AsyncIterable<Uint8Array>,
  layer: Layer,
  { limits, fail: failOfImage }: { readonly limits: ArchiveLimits; readonly fail: Fail },
): AsyncGenerator<Entry> {
  const fail = failureOfPart(failOfImage, titleOf(layer))
  const blobDigest = digestInName(layer.file)
  // The blob of an uncompressed layer has the layer's own digest: no need to hash it twice.
  const isHashedBelow = blobDigest === null || blobDigest === layer.diffId
  const intact = isHashedBelow ? blob : verified(blob, blobDigest, fail)
  const tar = verified(unpackedWithin(intact, limits, fail), layer.diffId, fail)
  const links = layerLinks(fail)
  const meter = startMeter(() => 0, limits, fail)
  for await (const record of readTar(tar, { fail, endMayBeMissing: true })) {
    meter.countEntry()
    const entry = layerEntry(record, layer.index, { links, fail })
    if (entry !== null) yield entry
  }
}

/** The same bytes; throws at their end unless they have this digest. */
export async function* verified(
  chunks: AsyncIterable<Uint8Array>,
  digest: string,
  fail: Fail,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256')
  for await (const chunk of chunks) {
    hash.update(chunk)
    yield chunk
  }
  if (`sha256:${hash.digest('hex')}` !== digest) {
    throw fail(`it is not what its digest ${digest} says: the image is damaged; save it again`)
  }
}

/** Null for a record that says nothing of the image's files. */
function layerEntry(
  record: TarEntry,
  layer: number,
  { links, fail }: { readonly links: LayerLinks; readonly fail: Fail },
): Entry | null {
  const path = links.place(pathInImage(record.name, fail))
  if (isAufsMetadata(path)) return null
  const name = baseName(path)
  if (name === opaqueMarker) return { path: parentPath(path), layer, kind: 'opaque' }
  if (name.startsWith(whiteoutPrefix)) {
    const hidden = `${parentPath(path)}/${name.slice(whiteoutPrefix.length)}`
    return { path: pathInImage(hidden, fail), layer, kind: 'whiteout' }
  }
  const entry = entryAt(path, record, layer, { place: links.place, fail })
  links.note(path, entry.kind === 'symlink' ? textOfName(entry.target) : null)
  return entry
}

/**
 * A file, a link or a directory as a tar records it, whatever its name is.
 *
 * @param place where what the tar names really stands.
 * @throws what `fail` makes, where it leads out of the tar.
 */
export function entryOf(
  record: TarEntry,
  layer: number,
  fail: Fail,
  place: (recorded: Path) => Path = recorded => recorded,
): Entry {
  return entryAt(place(pathInImage(record.name, fail)), record, layer, { place, fail })
}

function entryAt(
  path: Path,
  record: TarEntry,
  layer: number,
  { place, fail }: { readonly place: (recorded: Path) => Path; readonly fail: Fail },
): Entry {
  if (path === '' && record.kind !== 'directory') throw fail('an entry that is no directory stands for the root itself')
  switch (record.kind) {
    case 'file':
      return {
        path,
        layer,
        kind: 'file',
        size: record.size,
        blobId: null,
        modifiedAt: record.modifiedAt,
        body: record.body,
        atHand: record.atHand,
      }
    case 'symlink':
      return { path, layer, kind: 'symlink', target: record.linkName }
    case 'hardlink':
      return { path, layer, kind: 'hardlink', target: place(pathInImage(record.linkName, fail)) }
    default:
      return { path, layer, kind: record.kind }
  }
}

/** https://github.com/opencontainers/image-spec/blob/main/layer.md#whiteouts */
const whiteoutPrefix = '.wh.'
const opaqueMarker = '.wh..wh..opq'

/** What aufs kept for itself, as `.wh..wh.plnk`, and all below it. */
function isAufsMetadata(path: Path): boolean {
  return /(?:^|\/)\.wh\.\.wh\.(?!\.opq$)/.test(path)
}

function pathInImage(name: string | Uint8Array, fail: Fail): Path {
  const path = parsePath(name)
  if (path !== null) return path
  const text = typeof name === 'string' ? name : textOfName(name)
  throw fail(`the entry ${excerpt(text)} leads out of the image; such an image is not read`)
}
