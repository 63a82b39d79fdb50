import type { Finding, Site } from '../model/finding.ts'
import { comparePaths, rootPath } from '../model/path.ts'

const severities = ['error', 'warning', 'note']

/** The order of a report: errors first, then by path, then by line. */
export function compareFindings(a: Finding, b: Finding): number {
  return (
    severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
    comparePaths(a.path ?? rootPath, b.path ?? rootPath) ||
    firstLine(a.sites) - firstLine(b.sites)
  )
}

function firstLine(sites: readonly Site[]): number {
  return sites[0]?.start?.line ?? 0
}
