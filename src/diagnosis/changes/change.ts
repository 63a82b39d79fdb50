import type { ChangeKind } from '../../model/change.ts'

/** One kind of change, as a test that either explains a difference to the last byte or says nothing. */
export interface Change {
  readonly kind: ChangeKind
  /** In words, with counts, how `after` came of `before`; null unless that explains every byte. The two differ. */
  readonly explain: (before: Buffer, after: Buffer) => string | null
  /** What `after` may have been without this change, for a difference that two changes make together. */
  readonly undo?: (before: Buffer, after: Buffer) => readonly Buffer[]
}
