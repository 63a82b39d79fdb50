import { createHash, hash } from 'node:crypto'
import type { BlobId, ObjectFormat, Sha256 } from '../model/digest.ts'

export interface FileDigests {
  readonly sha256: Sha256
  readonly blobId: BlobId
}

/** Takes a file's bytes piece by piece; `digests` once all were given. */
export interface FileHash {
  update(piece: Uint8Array): void
  digests(): FileDigests
}

/** What is known of a file before it is read. */
export interface Announced {
  /** Bytes. It is part of what git digests. */
  readonly size: number
  /** Null to have it computed. */
  readonly blobId: BlobId | null
}

/** Bytes. Up to here, to digest all at once costs less than to begin two digests. */
const smallFile = 64 * 1024

export function hashFile({ size, blobId }: Announced, objectFormat: ObjectFormat): FileHash {
  if (size <= smallFile) return hashAtOnce(blobId, objectFormat)
  const sha256 = createHash('sha256')
  const blob = blobId === null ? createHash(objectFormat).update(headOfBlob(size)) : null
  return {
    update(piece) {
      sha256.update(piece)
      blob?.update(piece)
    },
    digests: () => ({
      sha256: sha256.digest('hex') as Sha256,
      blobId: blob === null ? blobId! : (blob.digest('hex') as BlobId),
    }),
  }
}

function hashAtOnce(blobId: BlobId | null, objectFormat: ObjectFormat): FileHash {
  const pieces: Uint8Array[] = []
  return {
    update: piece => void pieces.push(piece),
    digests() {
      const bytes = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces)
      return { sha256: sha256Of(bytes), blobId: blobId ?? blobIdOf(bytes, objectFormat) }
    },
  }
}

/** Both digests of bytes at hand. */
export function digestsOf(bytes: Uint8Array, objectFormat: ObjectFormat): FileDigests {
  return { sha256: sha256Of(bytes), blobId: blobIdOf(bytes, objectFormat) }
}

export function sha256Of(bytes: Uint8Array): Sha256 {
  return hash('sha256', bytes) as Sha256
}

/** What git digests in front of a file's bytes. */
function headOfBlob(size: number): string {
  return `blob ${size}\0`
}

/** Where a small file is put behind the head of its blob: to make room anew for each takes longer than to digest it. */
const desk = Buffer.alloc(smallFile + 32)

function blobIdOf(bytes: Uint8Array, objectFormat: ObjectFormat): BlobId {
  const head = headOfBlob(bytes.length)
  if (bytes.length > smallFile) return createHash(objectFormat).update(head).update(bytes).digest('hex') as BlobId
  desk.write(head, 'latin1')
  desk.set(bytes, head.length)
  return hash(objectFormat, desk.subarray(0, head.length + bytes.length)) as BlobId
}
