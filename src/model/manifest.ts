import type { BlobId, Sha256 } from './digest.ts'
import type { Note } from './image-note.ts'
import type { Path } from './path.ts'
import type { Stage } from './stage.ts'

/** A Python file as one stage holds it. */
export interface PythonFile {
  /** A symlink's digests are of the link's text, as git has it; it is never judged, what it names is judged in its own right. */
  readonly kind: 'file' | 'symlink'
  readonly path: Path
  /** Bytes. */
  readonly size: number
  readonly sha256: Sha256
  readonly blobId: BlobId
  /** Of a symlink: its text, as a name is text. */
  readonly target?: string
  /** The image layer that gave it its bytes, counted from the lowest, 0; 0 in every other medium. */
  readonly layer: number
  /** Of an image: whole seconds since 1970, as its layer says. */
  readonly modifiedAt?: number | undefined
}

/** A `.pyc` of an image. */
export interface Bytecode {
  /** Bytes. */
  readonly size: number
  /** The first 16 bytes, or all there are. */
  readonly header: Uint8Array
  readonly layer: number
}

/** The Python files of one stage. */
export interface Manifest {
  readonly stage: Stage
  /** How many files of any kind the stage holds; directories do not count. */
  readonly files: number
  readonly python: ReadonlyMap<Path, PythonFile>
  /** The `.pyc` files of an image. */
  readonly bytecode: ReadonlyMap<Path, Bytecode>
  /** What an image tells of its Pythons and its platform, by where that stands. */
  readonly notes: ReadonlyMap<Path, Note>
  /** Python files that a layer of an image had, a later one deleted, and none has again; by that later layer. */
  readonly deleted: ReadonlyMap<Path, number>
  /** Of all but images: symbolic links, with where each leads, as a name is text. */
  readonly links: ReadonlyMap<Path, string>
  /** Submodules, with the commit each is at. */
  readonly gitlinks: ReadonlyMap<Path, string>
  /** The paths that one layer records more than once; the last record counts. None where the medium cannot do that. */
  readonly duplicates: readonly Duplicate[]
}

/** A path that one layer records more than once. */
export interface Duplicate {
  readonly path: Path
  readonly layer: number
  /** Whether a Python source is among the records, and another has other bytes or is none. */
  readonly differs: boolean
}

/** The bytes of one or more Python files. */
export interface Content {
  readonly sha256: Sha256
  readonly bytes: Uint8Array
}

/** What one layer of an image did to a path. */
export type LayerWrite =
  | { readonly layer: number; readonly kind: 'written'; readonly sha256: Sha256 }
  | { readonly layer: number; readonly kind: 'removed'; readonly sha256: null }
  /** By what is no regular file; of a symbolic link the digest is that of its text. */
  | { readonly layer: number; readonly kind: 'replaced'; readonly sha256: Sha256 | null }
