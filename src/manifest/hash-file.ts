import { createHash } from 'node:crypto'
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

/** `size`, in bytes, is part of what git digests, so it must be known beforehand. */
export function hashFile(size: number, objectFormat: ObjectFormat): FileHash {
  const sha256 = createHash('sha256')
  const blob = createHash(objectFormat).update(`blob ${size}\0`)
  return {
    update(piece) {
      sha256.update(piece)
      blob.update(piece)
    },
    digests: () => ({ sha256: parseSha256(sha256.digest('hex')), blobId: parseBlobId(blob.digest('hex')) }),
  }
}

/** Both digests of bytes at hand. */
export function digestsOf(bytes: Uint8Array, objectFormat: ObjectFormat): FileDigests {
  const hash = hashFile(bytes.length, objectFormat)
  hash.update(bytes)
  return hash.digests()
}

export function sha256Of(bytes: Uint8Array): Sha256 {
  return parseSha256(createHash('sha256').update(bytes).digest('hex'))
}
