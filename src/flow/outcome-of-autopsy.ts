import type { Crash, CustodyLink, Records } from '../model/autopsy.ts'
import type { Outcome, Report } from '../model/report.ts'

/**
 * `broken` where the files are, or where the log says so to its end and nothing that was looked at contradicts it. `clean` only where
 * neither a record nor the log tells of a failure, and all that was looked at belongs together.
 */
export function outcomeOfAutopsy(found: {
  readonly records: Records
  readonly custody: readonly CustodyLink[]
  readonly crash: Crash | null
  readonly report: Report | null
}): Outcome {
  const { records, custody, crash, report } = found
  if (report?.outcome === 'broken') return 'broken'
  const isKnown = crash !== null && crash.traceback.kind !== 'cut'
  if (isKnown && crash.reproduction.state !== 'contradicted') return 'broken'
  const isFailed = crash !== null || records.deployment?.failure != null
  const isForeign = custody.some(({ state }) => state === 'contradicted')
  return report === null || report.outcome === 'undecided' || isFailed || isForeign ? 'undecided' : 'clean'
}
