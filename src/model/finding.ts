import type { Instruction, OtherStage } from './build.ts'
import type { ChangeDetail, ChangeKind } from './change.ts'
import type { Path } from './path.ts'
import type { Position } from './verdict.ts'

export type FindingCode =
  | 'version-skew'
  | 'broken-source'
  | 'uncommitted-change'
  | 'altered-in-upload'
  | 'altered-in-image'
  | 'stale-in-image'
  | 'missing-from-upload'
  | 'missing-from-image'
  | 'unexpected-in-image'
  | 'stale-bytecode'
  | 'path-collision'
  | 'policy-conflict'
  | 'provenance-mismatch'
  | 'syntax-warning'
  | 'undecided'

export type Severity = 'error' | 'warning' | 'note'

/** One place at which the interpreter stops, found with the real interpreter as judge. */
export interface Site {
  /** Null where CPython gives no place, as for a file that is too deeply nested. */
  readonly start: Position | null
  /** Just behind the last character. */
  readonly end: Position | null
  /** The interpreter's own words. */
  readonly message: string
  /** What construct it is, as `f-string-multiline-field`; null when it is no construct of a known version. */
  readonly feature: Feature | null
  /** How to write it so that the interpreter takes it, checked by that interpreter; null where nothing is sure to help. */
  readonly suggestion: Suggestion | null
}

/** A change of the file at one site. */
export interface Suggestion {
  /** As an order, for a person: `use the other quotes inside the field`. */
  readonly advice: string
  /** In the order of the file; they do not overlap, and an empty range inserts. Positions are those of the file as it is. */
  readonly edits: readonly { readonly start: Position; readonly end: Position; readonly replacement: string }[]
  /** Whether an interpreter that takes both ways found the same syntax tree; null where none was asked, or it changes. */
  readonly sameTree: true | null
}

/**
 * A construct of the language and the versions that take it: those before `until` and those from `since` on. Both are null
 * where no version was found to confirm it.
 */
export interface Feature {
  readonly id: string
  /** For a person: `a line break inside an f-string field`. */
  readonly title: string
  /** The first minor version that takes it. */
  readonly since: string | null
  /** The first minor version that takes it no more. */
  readonly until: string | null
  /** `PEP 701`; null for a change without one. */
  readonly pep: string | null
}

/** The sites of one file under one interpreter. */
export interface SiteList {
  /** In the order of the file. */
  readonly sites: readonly Site[]
  /** False when the search was given up at its bound: there may be more. */
  readonly complete: boolean
}

/** A line of a source, for the report to show. */
export interface SourceLine {
  /** 1-based. */
  readonly number: number
  /** Without its line ending, decoded; not yet fit for a terminal. */
  readonly text: string
}

export interface Finding {
  readonly code: FindingCode
  readonly severity: Severity
  /** In the repository; in the image if it is only there. Null for a finding about no single file. */
  readonly path: Path | null
  /** Null when nobody knows. */
  readonly shipped: boolean | null
  /** Null for findings that break nothing. */
  readonly firstBreak: { readonly stage: string; readonly interpreter: string } | null
  readonly sites: readonly Site[]
  /** False when there may be more sites than are listed. */
  readonly sitesComplete: boolean
  /** The file's verdicts at each stage that holds it: stages in the order of the way, then interpreters as listed. */
  readonly verdicts: readonly {
    readonly stage: string
    readonly interpreter: string
    readonly verdict: 'compiles' | 'breaks' | 'undecided'
  }[]
  /** What proves it, as plain data; keys differ by code. */
  readonly evidence: Evidence
  /** The lines around the sites, for a code frame; not part of the JSON. */
  readonly excerpt: readonly SourceLine[]
}

export interface Evidence {
  /** The change between two stages: from where, to where, what it does to the deploy interpreter's verdict. */
  readonly change?: 'added' | 'removed' | ChangeKind
  /** What became of the bytes. */
  readonly changeDetail?: ChangeDetail
  /** Of `uncommitted-change`: `staged` where the disk holds what is staged, `deleted` where it holds nothing. */
  readonly state?: 'modified' | 'staged' | 'untracked' | 'deleted'
  /** Of `uncommitted-change`: whether the upload holds other bytes than the commit; only where one was looked at. */
  readonly uploaded?: boolean
  readonly before?: { readonly stage: string; readonly sha256: string | null }
  readonly after?: { readonly stage: string; readonly sha256: string | null }
  readonly effect?: 'breaks' | 'mends' | 'none'
  /** An earlier stage, not the one just before, that holds the very bytes. */
  readonly sameAs?: string
  /** Where in the history the image's bytes, or the absence of the file, are from. */
  readonly past?: PastFile
  /** Of a finding about several files: their paths in the repository, in the image if they are only there; bytewise. */
  readonly paths?: readonly Path[]
  /** Of the image alone: stands among its packages or in its standard library, or in a directory that the source does not have. */
  readonly installed?: true
  /** Of such a file that stands below the source instead: the directory of the image that the source does not have. */
  readonly newDirectory?: string
  /** The image layer that gave the file its bytes. */
  readonly layer?: { readonly index: number; readonly diffId: string | null; readonly createdBy: string | null }
  /** What every layer did to it, lowest first, where more than one wrote it. */
  readonly writes?: readonly LayerRecord[]
  /** Where the image keeps it; of several files that are only there, the directory. */
  readonly imagePath?: string
  /** The ignore rule that keeps a file out of the upload, or out of the build; its file in the repository, where it has a line. */
  readonly rule?: { readonly file: string; readonly line: number | null; readonly text: string }
  /** Of `missing-from-image`: the instructions that copy the source, and not this file. */
  readonly copies?: readonly Instruction[]
  /** The instruction that copies it; of `altered-in-image`, that of the layer. */
  readonly copiedBy?: Instruction
  /**
   * Of `altered-in-image`: the layer has copied it from another stage of the build, whose layers the image does not have. `runs` may
   * have changed it there; null where nobody knows them.
   */
  readonly fromStage?: Omit<OtherStage, 'runs'> & { readonly runs: OtherStage['runs'] | null }
  /** Of `missing-from-image`: the layer that deleted it. */
  readonly deletedBy?: NonNullable<Evidence['layer']>
  /** Of `stale-bytecode`: why Python runs it; see BytecodePair. */
  readonly bytecode?: 'unchecked-hash' | 'timestamp' | 'sourceless'
  /** Where the image holds the file as well, with other bytes. */
  readonly elsewhere?: readonly { readonly imagePath: string; readonly sha256: string }[]
  /** Of `missing-from-upload`: the working tree does not hold it, as a sparse checkout leaves it out. */
  readonly sparse?: boolean
  /** Of `path-collision`: paths that differ only in case or Unicode normalization, and the stages that hold them. */
  readonly collision?: Collision
  /** Of a symbolic link to a directory: that directory, and how many Python files it holds. */
  readonly link?: { readonly target: Path; readonly files: number }
  /** How a submodule stands on the disk: the commits are of the superproject and of what is checked out. */
  readonly submodule?: {
    readonly state: 'absent' | 'empty' | 'present'
    readonly commit: string
    readonly head: string | null
  }
  /** Of `policy-conflict`: what cannot all hold. */
  readonly conflict?: Conflict
  /** Of a file that breaks: that its bytes are not source at all, but stand for what is kept elsewhere or locked away. */
  readonly standsFor?: 'git-lfs' | 'git-crypt'
  /** Of `provenance-mismatch`: what was looked at, and is not what a record names. */
  readonly provenance?: Provenance
  /** Of a file that breaks: it was not searched for more places than the first, as very many files break. */
  readonly unsearched?: true
  /** Of `undecided`: why, and who could not tell; of `syntax-warning`: who warns. */
  readonly reason?: string
  readonly interpreter?: string
  /** Of `syntax-warning`: CPython's class of it, and its words with `…` in place of what they quote: those of one kind share them. */
  readonly warning?: { readonly category: string; readonly kind: string }
  /** Interpreters that take the very bytes that the deploy interpreter rejects. */
  readonly acceptedBy?: readonly string[]
  /** Those of them that are another build of the minor version of an image's own interpreter, and there to check it. */
  readonly contradictedBy?: readonly string[]
}

export interface Collision {
  readonly kind: 'case' | 'normalization'
  /** Sorted; each with the stages that hold it, in the order of the way. */
  readonly paths: readonly { readonly path: Path; readonly stages: readonly string[] }[]
}

/** What one layer did to one file. */
export interface LayerRecord {
  /** Counted from the lowest, 0. */
  readonly index: number
  readonly createdBy: string | null
  readonly kind: 'written' | 'removed' | 'replaced'
  /** Of what it wrote. */
  readonly sha256: string | null
  /** Of the deploy interpreter on what it wrote. */
  readonly verdict: 'compiles' | 'breaks' | 'undecided' | null
  /** Whether these are the bytes that the file had before the image. */
  readonly asBefore: boolean
}

/** A file as an earlier commit had it. */
export interface PastFile {
  /** The commit's object id. */
  readonly commit: string
  /** When it was committed, in ISO 8601. */
  readonly date: string
  /** How many commits before the one that is looked at, counted by first parents; null on another line. */
  readonly behind: number | null
  /** Where it stood. */
  readonly path: Path
}

/** A record, and what was looked at instead of what it names. */
export interface Provenance {
  readonly subject: 'archive' | 'image' | 'commit'
  /** Whose it is: the name of a stage. */
  readonly stage: string
  /** Which record, and where in it: `build 41d7c8c6, substitutions.COMMIT_SHA`. */
  readonly by: string
  /** `SHA-256 9c4e…`, `repository@sha256:…`, the id of a commit. */
  readonly recorded: string
  readonly found: string
}

/** Declarations that disagree. */
export interface Conflict {
  /**
   * `differs`: they name different minor versions, or ranges; `outside-range`: the last is a range and does not admit the
   * first; `never-tested`: the last is what is deployed, the others are all that workflows set up.
   */
  readonly kind: 'differs' | 'outside-range' | 'never-tested'
  /** The less decisive first. */
  readonly declared: readonly {
    /** Where, for a person: `Dockerfile:1`. */
    readonly from: string
    /** `3.11`, `>=3.9,<3.13`. */
    readonly says: string
  }[]
}
