import type { BlobId } from './digest.ts'
import type { Path } from './path.ts'

/** A commit, and what it changed against its first parent. */
export interface PastCommit {
  /** 40 or 64 hex digits. */
  readonly id: string
  /** When it was committed, in ISO 8601 with the committer's own offset. */
  readonly date: string
  readonly changes: readonly PastChange[]
}

/** Null where the file is absent. */
export interface PastChange {
  readonly path: Path
  readonly before: BlobId | null
  readonly after: BlobId | null
}

/** What came before the commit that is looked at, as far as the clone goes. */
export interface History {
  /** Those of the blobs that the repository may hold: all of them where it leaves out blobs on purpose, as a partial clone. */
  held(blobs: ReadonlySet<BlobId>): Promise<ReadonlySet<BlobId>>
  /** The commit and its first parents, newest first. */
  mainLine(): AsyncIterable<PastCommit>
  /** The commits of every branch and tag, newest first. */
  everywhere(): AsyncIterable<PastCommit>
  /** Whether the clone was cut off: what is not found may lie behind the cut. */
  isShallow(): Promise<boolean>
}
