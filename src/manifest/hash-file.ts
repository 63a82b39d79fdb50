import { createHash, hash } from 'node:crypto'
import { type BlobId, type ObjectFormat, parseBlobId, parseSha256, type Sha256 } from '../model/digest.ts'

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

export function hashFile({ size, blobId }: Announced, objectFormat: ObjectFormat): FileHash {
  const sha256 = createHash('sha256')
  const blob = blobId === null ? createHash(objectFormat).update(`blob ${size}\0`) : null
  return {
    update(piece) {
      sha256.update(piece)
      blob?.update(piece)
    },
    digests: () => ({
      sha256: parseSha256(sha256.digest('hex')),
      blobId: blob === null ? blobId! : parseBlobId(blob.digest('hex')),
    }),
  }
}

/** Both digests of bytes at hand. */
export function digestsOf(bytes: Uint8Array, objectFormat: ObjectFormat): FileDigests {
  const blob = Buffer.concat([Buffer.from(`blob ${bytes.length}\0`), bytes])
  return { sha256: sha256Of(bytes), blobId: parseBlobId(hash(objectFormat, blob)) }
}

export function sha256Of(bytes: Uint8Array): Sha256 {
  return parseSha256(hash('sha256', bytes))
}
