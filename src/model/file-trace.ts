import type { ChangeKind, Hunk } from './change.ts'
import type { LayerRecord } from './finding.ts'
import type { LineCommit, LineOrigin } from './line-history.ts'
import type { PythonFile } from './manifest.ts'
import type { Path } from './path.ts'
import type { Report } from './report.ts'
import type { Stage } from './stage.ts'
import type { Verdict } from './verdict.ts'

/** One file over the stages, as closely as it can be looked at. */
export interface FileTrace {
  /** In the repository; in the image where it is only there. */
  readonly path: Path
  /** That of a run over this file alone: its findings are about it, or say that something could not be told. */
  readonly report: Report
  /** In the order of the way: those at which the file was looked for. */
  readonly stages: readonly TracedStage[]
  /** Who wrote the lines at which the file stops; null where it stops at none. */
  readonly commits: LineCommits | null
}

/** A file at one stage. */
export interface TracedStage {
  readonly stage: Stage
  /** Under its path there; null where the stage does not hold it. */
  readonly file: PythonFile | null
  /** In the order of the report's interpreters; empty for what is not judged, as a link. */
  readonly verdicts: readonly { readonly interpreter: string; readonly verdict: Verdict }[]
  /** What became of it since the stage before that holds it; of an image, since what went up. Null where nothing did. */
  readonly change: TracedChange | null
  /** Of an image: where it has the file, or had it, and what each layer did to it, lowest first. */
  readonly layers: { readonly path: Path; readonly writes: readonly LayerRecord[] } | null
}

export interface TracedChange {
  /** The name of the stage before. */
  readonly since: string
  readonly kind: ChangeKind
  readonly and: ChangeKind | null
  /** In words; text from outside in it is not fit for a terminal. */
  readonly says: string
  /** The first lines that differ; empty where there are none to show. */
  readonly hunks: readonly Hunk[]
}

/** Who wrote the lines at which a file stops. */
export interface LineCommits {
  /** In the order of the stages, then of the lines. */
  readonly lines: readonly TracedLine[]
  /** The commits that touched them, newest first. */
  readonly history: readonly LineCommit[]
  /** False where there are more. */
  readonly historyComplete: boolean
  /** Why something of this could not be told. */
  readonly remarks: readonly string[]
}

export interface TracedLine {
  /** 1-based, counted as Python does, in what this stage holds. */
  readonly stage: string
  readonly line: number
  /** Null where the commit that is looked at does not have the line, or it could not be told. */
  readonly origin: LineOrigin | null
}
