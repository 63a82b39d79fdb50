import type { Finding } from './finding.ts'
import type { CastInterpreter, DeclaredVersion } from './interpreter.ts'
import type { Outcome } from './report.ts'

/** One line of what git tells a pre-push hook. Ids of zeros alone stand for nothing. */
export interface PushedRef {
  /** `refs/heads/main`, `HEAD~`, `(delete)`: as the user named it. */
  readonly localRef: string
  readonly localId: string
  readonly remoteRef: string
  /** What the remote has there, by its own word. */
  readonly remoteId: string
}

/** Where a push goes. */
export interface PushTarget {
  /** A configured remote, or the URL where it goes to none. */
  readonly name: string
  readonly url: string
}

/** An interpreter that what is pushed must satisfy, and on whose word. */
export interface Decider {
  readonly interpreter: CastInterpreter
  /** Why it is asked: `deploy` runs the files, `range` is what the project says it supports, `default` where nothing says either. */
  readonly because: 'deploy' | 'range' | 'default'
  readonly declared: DeclaredVersion
}

/** The Python files that stand at the remote already, as far as they are known. */
export interface Unchanged {
  /** How many a decider rejects. */
  readonly broken: number
  /** How many nobody has looked at. */
  readonly unknown: number
}

/** What one pushed commit, or tree, amounts to. */
export interface PushReport {
  readonly outcome: Outcome
  /** The names of the refs that carry it, as the user gave them. */
  readonly refs: readonly string[]
  readonly deciders: readonly Decider[]
  /** How many Python files differ from what the remote has. */
  readonly changed: number
  readonly unchanged: Unchanged
  /** About those files, and about what could not be looked at; errors first, then by path. */
  readonly findings: readonly Finding[]
  /** Why files that did not change are judged as well: what decided at the remote, and does not any more. Null where the same decide. */
  readonly decidedBefore: readonly DeclaredVersion[] | null
}
