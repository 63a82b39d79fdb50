import type { BuildRecord } from './build-record.ts'
import type { DeploymentRecord } from './deployment.ts'
import type { LineCommit } from './line-history.ts'
import type { LogRecord, Traceback } from './log.ts'
import type { Path } from './path.ts'
import type { Outcome, Report } from './report.ts'

/** What Google and the container left behind; null for what nobody has. */
export interface Records {
  /** The revision or execution that failed; a service or a job where nothing closer is at hand. */
  readonly deployment: DeploymentRecord | null
  readonly build: BuildRecord | null
  /** What provenance tells of builds, one for each statement. */
  readonly provenance: readonly BuildRecord[]
  readonly log: LogRecord | null
}

/** One step of the way back from the log to the commit. */
export interface CustodyLink {
  readonly id:
    | 'log-deployment'
    | 'deployment-image'
    | 'image-seen'
    | 'image-build'
    | 'build-archive'
    | 'archive-bytes'
    | 'bytes-commit'
  /** `contradicted`: two of the things that were looked at do not belong together. */
  readonly state: 'confirmed' | 'contradicted' | 'unknown'
  /** In words that end no sentence; text from outside in it is not yet fit for a terminal. */
  readonly evidence: string
}

/** Where in the repository a place of the container is. */
export interface CrashPlace {
  /** As the log writes it; null where only the message told which file it is. */
  readonly containerPath: string | null
  /** 1-based; in the file as the container has it. */
  readonly line: number | null
  /** In the repository; in the image where it is only there. Null where no file that was looked at is called so. */
  readonly path: Path | null
  /**
   * How it was found: by where the image keeps it, by how paths end, by what an interpreter says of the bytes; `module` is the file
   * that an import did not find.
   */
  readonly by: 'image' | 'ending' | 'message' | 'module' | null
  /** The first stage that holds the very bytes: of a commit, the line there is the same. Null where none was looked at. */
  readonly stage: string | null
  /** The commit that holds the very bytes; null where none that was looked at does. */
  readonly commit: string | null
  /** Who last changed the line, as far as that commit. */
  readonly blame: LineCommit | null
}

/** The exception that ended the program, and what became of it here. */
export interface Crash {
  readonly traceback: Traceback
  /** How often the log has it. */
  readonly times: number
  readonly place: CrashPlace | null
  /** Whether what was looked at fails in the same way; `contradicted`: it does not, so the log is of something else. */
  readonly reproduction: {
    readonly state: 'reproduced' | 'contradicted' | 'not-examined'
    readonly evidence: string
  }
}

/** What would have failed next: a log shows the first error only. */
export interface HiddenBreak {
  readonly path: Path
  /** 1-based, ascending; without the one that the log shows. Empty where no place is known. */
  readonly lines: readonly number[]
  /** Whether it is the file that the log shows. */
  readonly isSameFile: boolean
  readonly complete: boolean
}

/** Something to do, so that the next deploy starts. */
export interface Change {
  readonly kind: 'base-image' | 'rewrite' | 'revert' | 'upload-again' | 'build-again' | 'layer' | 'carry' | 'mend'
  /** As an order; text from outside in it is not yet fit for a terminal. */
  readonly says: string
  /** Lines or files that somebody must touch. */
  readonly places: number
  /** The files that it mends. */
  readonly mends: readonly Path[]
}

/** The least that mends everything, and what was counted against it. */
export interface Remedy {
  readonly changes: readonly Change[]
  /** The other way, where there is one; no smaller. */
  readonly instead: readonly Change[]
}

export interface Autopsy {
  readonly tool: Report['tool']
  readonly outcome: Outcome
  readonly deployment: Pick<DeploymentRecord, 'kind' | 'name' | 'failure' | 'ready'> | null
  /** In the order of the way back. */
  readonly custody: readonly CustodyLink[]
  /** Null where no log was given, or it shows no exception. */
  readonly crash: Crash | null
  readonly hidden: readonly HiddenBreak[]
  readonly remedy: Remedy
  /** What could not be had, why, and what to pass instead. */
  readonly missing: readonly Missing[]
  /** What else must be known of the records. */
  readonly remarks: readonly string[]
  /** What was found in the files; null where there were none to look at. */
  readonly verification: Report | null
}

export interface Missing {
  readonly what: 'revision' | 'build' | 'provenance' | 'log' | 'archive' | 'image' | 'repository'
  /** Null where nobody asked for it. */
  readonly why: string | null
  /** The option, and what makes what it takes. */
  readonly pass: string
}
