/** An object in Cloud Storage. */
export interface StorageObject {
  readonly bucket: string
  readonly object: string
  /** Which version of it; null where that is not said. */
  readonly generation: string | null
}

/** `gs://bucket/object#generation`, without the generation where none is known. */
export function urlOf({ bucket, object, generation }: StorageObject): string {
  return `gs://${bucket}/${object}${generation === null ? '' : `#${generation}`}`
}

/** What Cloud Build recorded of one build, as far as it says what was built of what. */
export interface BuildRecord {
  readonly id: string
  /** `SUCCESS`, `FAILURE`, …; null where it is not said. */
  readonly status: string | null
  /** The source archive; null for a build that fetched a repository. */
  readonly archive: StorageObject | null
  /** Of the archive, in hex; empty where none was recorded that is read here. */
  readonly hashes: readonly { readonly algorithm: 'MD5' | 'SHA-256'; readonly hex: string }[]
  /** What was pushed: `sha256:…` of a manifest or an index, under one or more names. */
  readonly images: readonly { readonly name: string; readonly digest: string }[]
  /** Each place that names the commit; `id` is 40 or 64 hex digits, or the first seven or more of them. */
  readonly commits: readonly { readonly from: string; readonly id: string }[]
}
