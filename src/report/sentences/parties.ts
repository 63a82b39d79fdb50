import type { Finding } from '../../model/finding.ts'
import type { Report } from '../../model/report.ts'
import { cpython, listed, stageTitle } from '../words.ts'

/** Who is meant by a finding, as a sentence calls them; '' where there is nobody. */
interface Parties {
  /** The stages between which the bytes changed. */
  readonly from: string
  readonly to: string
  /** The interpreter at which it breaks, and those that take the same bytes. */
  readonly rejecter: string
  readonly accepters: string
  /** `takes` or `take`, of the accepters. */
  readonly take: string
}

/** Those of one finding. */
export function parties({ firstBreak, evidence }: Finding, report: Report): Parties {
  const { before, after, acceptedBy = [] } = evidence
  return {
    from: stageTitle(report, before?.stage ?? ''),
    to: stageTitle(report, after?.stage ?? ''),
    rejecter: firstBreak === null ? '' : cpython(report, firstBreak.interpreter),
    accepters: listed(acceptedBy.map(id => cpython(report, id))),
    take: acceptedBy.length === 1 ? 'takes' : 'take',
  }
}
