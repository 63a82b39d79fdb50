import type { Finding } from '../model/finding.ts'
import type { Report } from '../model/report.ts'
import { fingerprinter } from './fingerprints.ts'
import { jsonText } from './json-text.ts'
import { detailsOf, type Occurrence, occurrences } from './occurrence.ts'
import { spotOf } from './spot.ts'
import { visible } from './visible.ts'

/** The report as a GitLab code quality artifact: an entry for each place of each finding, with a fingerprint of its own. */
export function gitlab(report: Report): string {
  const fingerprint = fingerprinter()
  return jsonText(occurrences(report).map(each => entryOf(each, report, fingerprint(each))))
}

function entryOf(occurrence: Occurrence, report: Report, fingerprint: string): object {
  const { finding, site } = occurrence
  const { path, line } = spotOf(occurrence, report)
  return {
    description: detailsOf(occurrence, report).map(asSentence).join(' '),
    check_name: finding.code,
    fingerprint,
    severity: severityOf(finding),
    location: { path: visible(path), lines: { begin: line, end: Math.max(line, site?.end?.line ?? line) } },
  }
}

/** It is shown in one line. */
function asSentence(line: string): string {
  return line.endsWith('.') ? line : `${line}.`
}

/** What surely stops the service blocks it; what nobody knows to be shipped is less sure to. */
function severityOf({
  code,
  severity,
  shipped,
  firstBreak,
}: Finding): 'info' | 'minor' | 'major' | 'critical' | 'blocker' {
  if (severity === 'note') return 'info'
  if (severity === 'warning') return 'minor'
  if (code === 'undecided') return 'major'
  return shipped === true && firstBreak !== null ? 'blocker' : 'critical'
}
