import type { Conflict, Finding } from '../model/finding.ts'
import type { Path } from '../model/path.ts'
import { bareFinding } from './bare-finding.ts'

/** A warning for each disagreement of what the project declares, about the file that makes the less decisive declaration. */
export function policyFindings(conflicts: readonly { readonly path: Path; readonly conflict: Conflict }[]): Finding[] {
  return conflicts.map(({ path, conflict }) =>
    bareFinding({ code: 'policy-conflict', severity: 'warning', path, evidence: { conflict } }),
  )
}
