import { hash } from 'node:crypto'
import { type BlobId, parseSha256, type Sha256 } from '../model/digest.ts'

/**
 * Under what it is remembered of a blob, which nobody has read, whether an interpreter takes it. It is none of the bytes'
 * own digest: what is known by the name that a repository gives, which may be a SHA-1, decides about no file.
 * `named`: whether its name makes it Python; else only its first line can.
 */
export function blobKey(blob: BlobId, named: boolean): Sha256 {
  return parseSha256(hash('sha256', `${named ? 'python' : 'script'} blob ${blob}`))
}
