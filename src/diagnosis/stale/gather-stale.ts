import type { Finding } from '../../model/finding.ts'
import { comparePaths } from '../../model/path.ts'
import { bareFinding } from '../bare-finding.ts'

/**
 * The findings, with those about stale files that break nothing gathered: one for an image and a commit, however many files
 * there are. A single file, and one that an interpreter rejects, keeps its own.
 */
export function gatherStale(findings: readonly Finding[]): readonly Finding[] {
  const groups = new Map<string, Finding[]>()
  for (const finding of findings) {
    const key = groupOf(finding)
    if (key === null) continue
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [finding])
    else group.push(finding)
  }
  const gathered = [...groups.values()].filter(group => group.length > 1)
  const isGathered = new Set(gathered.flat())
  return [...findings.filter(finding => !isGathered.has(finding)), ...gathered.map(gather)]
}

/** Null for a finding that stays by itself. */
function groupOf({ code, firstBreak, evidence }: Finding): string | null {
  if (code !== 'stale-in-image' || firstBreak !== null || evidence.past === undefined) return null
  return `${evidence.after?.stage} ${evidence.past.commit}`
}

function gather(group: readonly Finding[]): Finding {
  const { code, severity, evidence } = group[0]!
  const paths = group.flatMap(({ path }) => path ?? []).sort(comparePaths)
  const { past, before, after } = evidence
  const shared = { before: { ...before!, sha256: null }, after: { ...after!, sha256: null }, past: past! }
  return { ...bareFinding({ code, severity, path: null, evidence: { ...shared, paths } }), shipped: true }
}
