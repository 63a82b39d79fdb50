import type { BlobId } from './digest.ts'
import type { Path } from './path.ts'

/** What git knows of a working tree besides its bytes. Each question is a run of git, so it is asked only of what differs. */
export interface GitFacts {
  /** What git does to these files between a commit and the disk; only those that have something done to them. */
  conversions(files: ReadonlyMap<Path, BlobId>): Promise<ReadonlyMap<Path, Conversion>>
  /** What is staged, by path; of a file with a merge conflict, one of its versions. */
  index(): Promise<ReadonlyMap<Path, Staged>>
  /** How these submodules, each with the commit that the superproject is at, stand on the disk. */
  submodules(commits: ReadonlyMap<Path, string>): Promise<readonly Submodule[]>
  /** Where it is said that `git archive` leaves these paths out; only those that it does. */
  exportIgnored(paths: readonly Path[]): Promise<ReadonlyMap<Path, AttributeLine>>
}

export interface Conversion {
  /** What asks for it, for a person: `line endings: core.autocrlf=true`. */
  readonly from: string
  /** Whether git would write `blob` as `onDisk`, or store `onDisk` as `blob`. Programs that filters name are never run. */
  readonly joins: (blob: Uint8Array, onDisk: Uint8Array) => boolean
}

export interface Staged {
  readonly blobId: string
  /** A sparse checkout leaves it out of the disk. */
  readonly skipped: boolean
}

export interface Submodule {
  readonly path: Path
  /** The commit that the superproject is at. */
  readonly commit: string
  /** `absent`: not even a directory; `empty`: never checked out. */
  readonly state: 'absent' | 'empty' | 'present'
  /** The commit that is checked out; null where nobody can tell. */
  readonly head: string | null
  /** The files of `commit` by their path in the superproject; empty where git does not have it. */
  readonly files: ReadonlyMap<Path, string>
}

/** Where an attribute is set. */
export interface AttributeLine {
  readonly file: string
  /** 1-based; null where more than one line may be it. */
  readonly line: number | null
  readonly text: string
}
