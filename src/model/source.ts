import type { BlobId } from './digest.ts'
import type { Path } from './path.ts'
import type { Stage } from './stage.ts'

/** One record of a medium. `layer` is the image layer that holds it, counted from the lowest, 0; 0 in every other medium. */
export type Entry = { readonly path: Path; readonly layer: number } & EntryKind

export type EntryKind =
  | {
      readonly kind: 'file'
      /** Bytes. */
      readonly size: number
      /** Where the medium itself knows it. */
      readonly blobId: BlobId | null
      /** Whole seconds since 1970, where whoever unpacks the medium sets it. */
      readonly modifiedAt?: number
      /**
       * The bytes, once. A body not read, or not to its end, is skipped when the next entry is asked for;
       * it cannot be read after that.
       */
      readonly body: () => AsyncIterable<Uint8Array>
    }
  | { readonly kind: 'symlink' /** The link's text, as stored. */; readonly target: Uint8Array }
  /** Another name for a file of the same medium. */
  | { readonly kind: 'hardlink'; readonly target: Path }
  /** A submodule: the commit it is at. */
  | { readonly kind: 'gitlink'; readonly commit: string }
  | { readonly kind: 'directory' }
  /** A FIFO, socket or device. */
  | { readonly kind: 'special' }
  /** Image layers only: hides `path`, and all below it, of the layers below. */
  | { readonly kind: 'whiteout' }
  /** Image layers only: hides all below the directory `path` of the layers below. */
  | { readonly kind: 'opaque' }

/** The files of one stage, whatever medium holds them. */
export interface Source {
  readonly stage: Stage
  /**
   * What the medium records, in its own order, which need not be sorted; where one path comes twice in a layer, the last
   * one counts. With `only`, just the records of those paths. May be called again, as long as the medium is unchanged.
   *
   * @throws VerifierError when the medium cannot be read to its end or is not what its digests say.
   */
  entries(only?: ReadonlySet<Path>): AsyncIterable<Entry>
}

/** What an image says of itself. */
export interface ImageFacts {
  /** The instruction that made each layer, lowest first. */
  readonly layers: readonly { readonly diffId: string; readonly createdBy: string | null }[]
  /** `WorkingDir` of its configuration, as a path below its root. */
  readonly workingDirectory: Path
  /** `Env`, name to value; the last one of a name counts. */
  readonly environment: ReadonlyMap<string, string>
}

export interface ImageSource extends Source {
  readonly image: ImageFacts
}
