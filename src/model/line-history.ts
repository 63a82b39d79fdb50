import type { Path } from './path.ts'

/** A commit that touched a line. */
export interface LineCommit {
  /** 40 or 64 hex digits. */
  readonly id: string
  /** When it was committed, in ISO 8601, UTC. */
  readonly date: string
  /** Whoever wrote it, as the commit says; not fit for a terminal. */
  readonly author: string
  /** The first line of what the commit says of itself; not fit for a terminal. */
  readonly summary: string
}

/** The commit that gave a line its text. */
export interface LineOrigin extends LineCommit {
  /** Where the file stood in that commit; null where its name is one that git does not print as it is. */
  readonly path: Path | null
  /** Nothing before that commit is known: it is the first one, or the clone is cut off there. */
  readonly isFirst: boolean
}

/** Who wrote lines of the files of a commit. Lines are 1-based, and end where an LF does, as git has it. */
export interface LineHistory {
  /**
   * The commits that gave these lines their text, by line.
   *
   * @throws VerifierError when git cannot tell, as where the clone lacks what it takes.
   */
  origins(path: Path, lines: readonly number[]): Promise<ReadonlyMap<number, LineOrigin>>
  /**
   * The commits that changed these lines or what they were before, newest first, as far as `most` of them.
   *
   * @throws VerifierError as above.
   */
  changes(path: Path, lines: readonly number[], most: number): Promise<readonly LineCommit[]>
  /** Whether the clone was cut off. */
  isShallow(): Promise<boolean>
}
