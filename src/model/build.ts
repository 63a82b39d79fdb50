import type { Path } from './path.ts'

/** An instruction of a Dockerfile. */
export interface Instruction {
  /** Where it stands, for a person: `Dockerfile:7`. */
  readonly from: string
  /** As written. */
  readonly text: string
}

/** A line of an ignore file. */
export interface IgnoreRule {
  readonly file: string
  /** 1-based. */
  readonly line: number
  readonly text: string
}

/** A file of the source as a build is to place it. */
export interface Placement {
  /** In the repository. */
  readonly path: Path
  readonly imagePath: Path
  /** The directories, or for a file that gets another name the files, that the instructions name. */
  readonly imageDirectory: Path
  readonly sourceDirectory: Path
  /** The last that copies it. */
  readonly by: Instruction
}

/** A stage of the build, whose own layers the image does not have. */
export interface OtherStage {
  /** As `--from` names it. */
  readonly name: string
  /** The RUNs, of that stage and of those it copies from, that may have changed a file before it was copied; in their order. */
  readonly runs: readonly Instruction[]
}

/** An instruction that writes a file into the image, or may write it. */
export interface Copying {
  readonly by: Instruction
  /** Null where it does not copy from another stage. */
  readonly stage: OtherStage | null
}

/** What a Dockerfile says of where the source goes. */
export interface BuildPlan {
  readonly placements: readonly Placement[]
  /** The rule of `.dockerignore` that keeps a path of the repository out of the build; null when none does. */
  readonly ignoreRule: (path: Path) => IgnoreRule | null
  /** Those that copy files of the source, in the order of the Dockerfile. */
  readonly copies: readonly Instruction[]
  /** Those that write a path of the image, or may, in their order: nobody knows all that stages and archives hold. */
  readonly copiesTo: (imagePath: Path) => readonly Copying[]
  /** Files that the Dockerfile itself holds, by their path in the image. */
  readonly written: ReadonlyMap<Path, Instruction>
  /** The first RUN that finds files of the source in its stage, and may have changed, moved or copied them; null when none does. */
  readonly runs: Instruction | null
  /** True when some instruction brings files of which only the build knows. */
  readonly incomplete: boolean
}
