/** What was done to a file's bytes between two stages; told only where it explains every byte of the difference. */
export type ChangeKind =
  | 'line-endings'
  | 'bom'
  | 'encoding'
  | 'truncated'
  | 'nul-bytes'
  | 'lfs-pointer'
  | 'ident'
  | 'export-subst'
  | 'unicode-normalization'
  | 'trailing-whitespace'
  | 'symlink-dereferenced'
  | 'conflict-markers'
  /** Whatever none of the others explains. */
  | 'rewritten'

/** What a person needs to know of a change. */
export interface ChangeDetail {
  /** In words, with counts: `214 CRLF became LF`. Text from outside in it is not yet fit for a terminal. */
  readonly says: string
  /** The second of two changes that only together explain the difference. */
  readonly and?: ChangeKind
  /** Of `rewritten`: the first lines that differ. */
  readonly hunks?: readonly Hunk[]
}

/** Lines that differ, and some around them. */
export interface Hunk {
  /** Where it begins before and after the change, 1-based. */
  readonly beforeLine: number
  readonly afterLine: number
  readonly lines: readonly HunkLine[]
}

export interface HunkLine {
  readonly kind: 'same' | 'removed' | 'added'
  /** With its line ending, decoded; a long line is cut, which `…` at its end tells. Not yet fit for a terminal. */
  readonly text: string
}
