import type { Suggestion } from '../../model/finding.ts'
import type { Report } from '../../model/report.ts'
import { detailsOf, type Occurrence } from '../occurrence.ts'
import { spotOf } from '../spot.ts'
import { artifactOf, locationOf, regionOf, relatedLocations } from './locations.ts'
import { messageOf } from './message.ts'
import { ruleIndex } from './rules.ts'

/** One place of one finding as a SARIF result. */
export function resultOf(occurrence: Occurrence, report: Report, fingerprint: string): object {
  const { code, severity, shipped, firstBreak } = occurrence.finding
  const suggestion = occurrence.site?.suggestion ?? null
  const related = relatedLocations(occurrence, report)
  return {
    ruleId: code,
    ruleIndex: ruleIndex(code),
    level: severity,
    message: messageOf(detailsOf(occurrence, report)),
    locations: [locationOf(occurrence, report)],
    ...(related.length === 0 ? {} : { relatedLocations: related }),
    // Not primaryLocationLineHash: GitHub's upload action computes that, and warns of every one that it would compute otherwise.
    partialFingerprints: { 'firstbreak/v1': fingerprint },
    ...(suggestion === null ? {} : { fixes: [fixOf(suggestion, occurrence, report)] }),
    properties: { shipped, firstBreak },
  }
}

function fixOf({ advice, edits }: Suggestion, occurrence: Occurrence, report: Report): object {
  return {
    description: messageOf([advice]),
    artifactChanges: [
      {
        artifactLocation: artifactOf(spotOf(occurrence, report)),
        replacements: edits.map(({ start, end, replacement }) => ({
          deletedRegion: regionOf(start, { end }),
          insertedContent: { text: replacement },
        })),
      },
    ],
  }
}
