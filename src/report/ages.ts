import type { Feature, Finding, Site } from '../model/finding.ts'
import { compareVersions } from '../model/interpreter.ts'
import type { Report } from '../model/report.ts'
import { versionOf } from './words.ts'

/** A place with a construct of which it is known who takes it. */
export interface KnownSite extends Site {
  readonly feature: Feature
}

/**
 * The places of a file that want a newer Python, and those that want an older one. What an older Python had, and a newer one has again
 * with another meaning, is as old as the rest of the file, and as who takes the file.
 */
export function ages(
  { sites, evidence }: Finding,
  report: Report,
): { readonly young: readonly KnownSite[]; readonly old: readonly KnownSite[] } {
  const known = sites.filter((site): site is KnownSite => site.feature !== null)
  const isOld = ({ feature: { since, until } }: KnownSite) => since === null && until !== null
  const takers = (evidence.acceptedBy ?? []).map(id => versionOf(report, id))
  const isOfOld = ({ feature: { until } }: KnownSite) =>
    until !== null && (known.some(isOld) || takers.some(version => compareVersions(version, until) < 0))
  return {
    young: known.filter(site => site.feature.since !== null && !isOfOld(site)),
    old: known.filter(site => isOld(site) || isOfOld(site)),
  }
}
