import type { Sha256 } from './digest.ts'
import type { Path } from './path.ts'
import type { ImageFacts } from './source.ts'

/** Two images side by side. */
export interface ImageComparison {
  /** Names of their stages, in the order of the report. */
  readonly images: Both<string>
  /** Files of the source, and beside it, that both hold with the same bytes. */
  readonly same: number
  /** All others that either holds, sorted by path. */
  readonly differing: readonly DifferingFile[]
  /** What of their Pythons and platforms differs, in the order of a description; null where it is not known or not set. */
  readonly differences: readonly { readonly of: string; readonly values: Both<string | null> }[]
}

export type Both<T> = readonly [T, T]

export interface DifferingFile {
  /** In the repository; in the image if it is only there. */
  readonly path: Path
  /** Null where an image does not hold it. */
  readonly held: Both<FileInImage | null>
}

export interface FileInImage {
  /** From its root, `/srv/app.py`. */
  readonly imagePath: string
  /** Of a symbolic link, of its text. */
  readonly sha256: Sha256
  /** The layer that gave it its bytes. */
  readonly layer: { readonly index: number } & ImageFacts['layers'][number]
}
