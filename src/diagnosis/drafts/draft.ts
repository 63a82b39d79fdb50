import type { Evidence, FindingCode, Severity } from '../../model/finding.ts'
import type { CastInterpreter } from '../../model/interpreter.ts'
import type { HeldStep, Trace } from '../../model/trace.ts'

/** A finding before its sites are looked for. */
export interface Draft {
  readonly code: FindingCode
  readonly severity: Severity
  readonly trace: Trace
  readonly shipped: boolean | null
  /** Where the file first breaks, and for whom; null for findings that break nothing. */
  readonly breaks: { readonly step: HeldStep; readonly interpreter: CastInterpreter } | null
  readonly evidence: Evidence
}
