import type { Finding } from '../model/finding.ts'

/** A finding about no Python file: nothing breaks there, and no interpreter was asked. */
export function bareFinding(finding: Pick<Finding, 'code' | 'severity' | 'path' | 'evidence'>): Finding {
  return { ...finding, shipped: null, firstBreak: null, sites: [], sitesComplete: true, verdicts: [], excerpt: [] }
}
