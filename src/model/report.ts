import type { Sha256 } from './digest.ts'
import type { Finding } from './finding.ts'
import type { Hypothesis } from './hypothesis.ts'
import type { CastInterpreter, DeclaredVersion } from './interpreter.ts'
import type { Path } from './path.ts'
import type { Stage } from './stage.ts'
import type { CheckedMapping } from './trace.ts'

export type Outcome = 'clean' | 'broken' | 'undecided'

export interface StageSummary extends Stage {
  /** Of any kind. */
  readonly files: number
  /** In an image: those of the source's part of it. */
  readonly pythonFiles: number
  /** Over path and sha256 of each Python file that counts, by path: equal digests mean equal files. Image paths are mapped first. */
  readonly digest: Sha256
  readonly layers: readonly LayerSummary[] | null
  /** How many of `pythonFiles` each interpreter rejects, in the order of the report's interpreters. */
  readonly rejectedBy: readonly { readonly interpreter: string; readonly files: number }[]
}

export interface LayerSummary {
  readonly index: number
  readonly diffId: string | null
  readonly createdBy: string | null
  /** How many Python files of the image have their last bytes from this layer. */
  readonly pythonFiles: number
}

export interface Report {
  readonly tool: { readonly name: string; readonly version: string }
  readonly outcome: Outcome
  readonly stages: readonly StageSummary[]
  readonly interpreters: readonly CastInterpreter[]
  /** What the roles rest on: no deploy version and no dev version where none could be told. */
  readonly roles: { readonly deploy: readonly DeclaredVersion[]; readonly dev: DeclaredVersion | null }
  /** Where each image keeps the source, by the name of its stage. */
  readonly mappings: readonly (CheckedMapping & { readonly stage: string })[]
  /** The Python files that were followed, bytewise; not those that are only installed in an image, and not part of the JSON. */
  readonly paths: readonly Path[]
  /** Errors first, then by path, then by line. */
  readonly findings: readonly Finding[]
  readonly hypotheses: readonly Hypothesis[]
  /** What a reader must know of how it was looked at: a role that could not be told, a stage left out. */
  readonly remarks: readonly string[]
}
