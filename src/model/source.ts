import type { BlobId } from './digest.ts'
import type { HeldImage } from './held-image.ts'
import type { Path } from './path.ts'
import type { Stage } from './stage.ts'
import type { UploadSurvey } from './upload.ts'

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
      readonly modifiedAt?: number | undefined
      /**
       * The bytes, once. A body not read, or not to its end, is skipped when the next entry is asked for;
       * it cannot be read after that.
       */
      readonly body: () => AsyncIterable<Uint8Array>
      /** All of the body, read by that, where the medium has it at hand and nobody has to wait; else null, and nothing is read. */
      readonly atHand?: (() => Uint8Array | null) | undefined
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
   * What the medium records, in its own order, which need not be sorted; a layer as a whole, and layers in any order. Where one
   * path comes twice in a layer, the last one counts. With `only`, just the records of those paths. May be called again, as long as the medium is unchanged.
   *
   * @throws VerifierError when the medium cannot be read to its end or is not what its digests say.
   */
  entries(only?: ReadonlySet<Path>): AsyncIterable<Entry>
}

/** What an image says of itself. */
export interface ImageFacts {
  /** The instruction that made each layer, lowest first. */
  readonly layers: readonly {
    /** `sha256:…` of the uncompressed layer; null for what a container changed by itself. */
    readonly diffId: string | null
    readonly createdBy: string | null
  }[]
  /** `WorkingDir` of its configuration, as a path below its root. */
  readonly workingDirectory: Path
  /** `Env`, name to value; the last one of a name counts. */
  readonly environment: ReadonlyMap<string, string>
  /** What a container of it starts: `Entrypoint` and, behind it, `Cmd`. */
  readonly entrypoint: readonly string[]
  readonly command: readonly string[]
  /** `Labels`, name to value; left out where there is no configuration. */
  readonly labels?: ReadonlyMap<string, string>
  /** `User`, as it is written there; '' where none is named, which means root. */
  readonly user: string
  /** `Volumes`, sorted: what a container mounts over there is not the image's. */
  readonly volumes: readonly Path[]
  /** Null where it does not say. */
  readonly platform: Platform | null
}

/** What a program was built for, in the words of Go and of container engines: `linux`, `arm`, `v7`. */
export interface Platform {
  readonly os: string
  readonly architecture: string
  readonly variant: string | null
}

/** What an archive is as a file, and what it says of itself. */
export interface ArchiveFacts {
  /** Of the file, in hex. */
  readonly sha256: string
  /** Of the file, in hex; null where it could not be computed. */
  readonly md5: string | null
  /** Where it was fetched from, `gs://bucket/object#generation`, the generation only where it was named; null for a local file. */
  readonly origin: string | null
  /** The commit that `git archive` made it of; null when something else made it. */
  readonly commit: string | null
}

export interface ArchiveSource extends Source {
  readonly archive: ArchiveFacts
}

/** A digest by which a registry may know an image. */
export interface ManifestDigest {
  /** Which one it was pulled from or pushed to; null for what a file holds, which need not be what any registry has. */
  readonly repository: string | null
  /** `sha256:…` of its manifest, or of an index that leads to it. */
  readonly digest: string
}

export interface ImageSource extends Source {
  readonly image: ImageFacts
  /** What a reader of the report must know of how it was found. */
  readonly remarks: readonly string[]
  /**
   * Asks the engine for what it takes to run the image; only where an engine holds it.
   *
   * @throws VerifierError when the engine does not answer, or holds another image under this name by now.
   */
  readonly hold?: (signal: AbortSignal) => Promise<HeldImage>
  /** Only where an engine holds it: how to read less than all of it. `entries` reads its layers. */
  readonly parts?: ImageParts
  /** Asks the medium; a container engine may fail as for `entries`. */
  readonly manifestDigests?: () => Promise<readonly ManifestDigest[]>
}

/** An image that an engine holds, and of whose layers nothing was read yet. */
export interface ImageParts {
  /**
   * What a container of it, which is never started, shows at these paths, folders with all that is in them. Nothing for a path that
   * is not there, or to which a symbolic link leads. Every record is of layer 0: a container does not tell layers.
   */
  at(paths: readonly Path[]): Source
  /**
   * The same image, by its layers.
   *
   * @throws VerifierError when the engine holds another image under its name by now, or as `entries`.
   */
  layers(): Promise<ImageSource>
}

export interface UploadSource extends Source {
  /** What it amounts to, as it was when it was last read through; if it never was, it is now. */
  survey(): Promise<UploadSurvey>
}
