declare const brand: unique symbol

/** A SHA-256 of a file's bytes, as 64 lower-case hex digits. It attests what was judged. */
export type Sha256 = string & { readonly [brand]: 'Sha256' }

/**
 * A git blob id, as 40 (SHA-1) or 64 (SHA-256 repositories) lower-case hex digits: the digest of `blob <size>\0` and the
 * bytes, so it needs no repository to be computed.
 */
export type BlobId = string & { readonly [brand]: 'BlobId' }

/** What a repository names its objects with. */
export type ObjectFormat = 'sha1' | 'sha256'

/** @throws TypeError when `text` is not 64 hex digits. */
export function parseSha256(text: string): Sha256 {
  if (!/^[0-9a-f]{64}$/.test(text)) throw new TypeError(`not a SHA-256: ${text}`)
  return text as Sha256
}

/** @throws TypeError when `text` is neither 40 nor 64 hex digits. */
export function parseBlobId(text: string): BlobId {
  if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text)) throw new TypeError(`not a git object id: ${text}`)
  return text as BlobId
}
