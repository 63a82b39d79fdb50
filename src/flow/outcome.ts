import type { Finding } from '../model/finding.ts'
import type { Outcome } from '../model/report.ts'

/** 1 wins over 2: what is known to be broken is not made unknown by what could not be looked at. */
export function outcomeOf(findings: readonly Finding[]): Outcome {
  const errors = findings.filter(({ severity }) => severity === 'error')
  if (errors.some(({ code }) => code !== 'undecided')) return 'broken'
  return errors.length > 0 ? 'undecided' : 'clean'
}
