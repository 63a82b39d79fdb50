import type { Finding, Site } from '../model/finding.ts'
import type { Report } from '../model/report.ts'
import { sentence } from './sentences/sentence.ts'
import { describeSite, describeSuggestion } from './site-words.ts'
import { visible } from './visible.ts'
import { cpython, stageTitle, versionOf } from './words.ts'

/** Of a finding about several, so many are named. */
const mostFiles = 20

/** A finding at one of its places: what formats with one entry a place list. */
export interface Occurrence {
  readonly finding: Finding
  /** Null for a finding without places. */
  readonly site: Site | null
}

/** The first place of every finding in the order of the report, then all others: whoever lists only some names each finding. */
export function occurrences({ findings }: Report): Occurrence[] {
  return [
    ...findings.map(finding => ({ finding, site: finding.sites[0] ?? null })),
    ...findings.flatMap(finding => finding.sites.slice(1).map(site => ({ finding, site }))),
  ]
}

/** What is wrong, in one line that is fit for a terminal. */
export function summaryOf({ finding, site }: Occurrence, report: Report): string {
  if (site === null || finding.firstBreak === null) return visible(sentence([finding], report))
  return describeSite(site, versionOf(report, finding.firstBreak.interpreter))
}

/** All that a reader without the rest of the report must know, a line each, fit for a terminal; the first is the summary. */
export function detailsOf(occurrence: Occurrence, report: Report): string[] {
  const summary = summaryOf(occurrence, report)
  return [summary, ...contextOf(occurrence.finding, report).filter(line => line !== summary), ...helpWith(occurrence)]
}

/** What is true of a finding at each of its places, a line each. */
export function contextOf(finding: Finding, report: Report): string[] {
  const { firstBreak, shipped, evidence } = finding
  const lines = [
    sentence([finding], report),
    ...(firstBreak === null
      ? []
      : [`First break: ${stageTitle(report, firstBreak.stage)}, on ${cpython(report, firstBreak.interpreter)}.`]),
    ...(evidence.imagePath === undefined ? [] : [`In the image: ${evidence.imagePath}`]),
    ...filesOf(evidence),
    ...(shipped === null ? [] : [shipped ? 'It is shipped.' : 'It is not shipped.']),
  ]
  return lines.map(visible)
}

/** The files of a finding about several; of many, the first. */
function filesOf({ paths = [] }: Finding['evidence']): string[] {
  if (paths.length === 0) return []
  const rest = paths.length - mostFiles
  return [`Files: ${paths.slice(0, mostFiles).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`]
}

/** How to write a place otherwise: one line, or none. */
export function helpWith({ site }: Occurrence): string[] {
  return site?.suggestion == null ? [] : [`Help: ${describeSuggestion(site.suggestion)}`]
}
