import type { PythonFile } from './manifest.ts'
import type { Path } from './path.ts'
import type { Stage } from './stage.ts'

/** One file over the stages that were looked at, in the order of the way. */
export interface Trace {
  /** In the repository; in the image where it is only there. */
  readonly path: Path
  readonly steps: readonly Step[]
}

export interface Step {
  readonly stage: Stage
  /** The file as this stage holds it, under its path there; null where the stage does not hold it. */
  readonly file: PythonFile | null
  /** Of an image: what it holds for the same file at further places, with other bytes. Left out where there is none. */
  readonly elsewhere?: readonly PythonFile[]
}

/** A step that holds the file. */
export type HeldStep = Step & { readonly file: PythonFile }

/** An image in which nothing of the source was found. */
export interface WithoutSource {
  /** Its stage's name. */
  readonly stage: string
  /** `--map` says where it is: there, nothing of it is. */
  readonly isMapped: boolean
}

/** A directory of an image in which the source has no Python file, though it stands below one that holds the source. */
export interface NewDirectory {
  readonly stage: Stage
  /** What the image is held against: the last stage before the images. */
  readonly before: Stage
  /** In the image. */
  readonly directory: Path
  /** Which wrote the files, counted from the lowest, 0. */
  readonly layer: number
  /** Those that the layer wrote there, sorted by path; at least one. */
  readonly files: readonly PythonFile[]
}

/** A directory of the image and the directory of the source that it holds. */
export interface PathMapping {
  readonly imageDirectory: Path
  readonly sourceDirectory: Path
  /** How it was found. */
  readonly from: 'content' | 'dockerfile' | 'working-directory' | 'option'
  /** How many files with equal digests speak for it. */
  readonly votes: number
}

/** A directory of an image whose files a layer moved. */
export interface MovedDirectory {
  readonly from: Path
  /** Counted from the lowest, 0. */
  readonly layer: number
}

/** A mapping, and how far it holds. */
export interface CheckedMapping extends PathMapping {
  /** How many files stand at both ends. */
  readonly compared: number
  /** How many of those have equal bytes. */
  readonly equal: number
  /** The instruction of the Dockerfile that says the same, as `Dockerfile:7`; null when none does. */
  readonly saidBy: string | null
  /** Where a layer took the files from, where one did. */
  readonly moved?: MovedDirectory & {
    /** Whether the directory of the source is a package, whose modules have its name in theirs. */
    readonly isPackage: boolean
  }
}
