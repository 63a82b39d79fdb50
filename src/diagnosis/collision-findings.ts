import type { Collision, Finding } from '../model/finding.ts'
import { comparePaths } from '../model/path.ts'
import type { Trace } from '../model/trace.ts'
import { bareFinding } from './bare-finding.ts'
import { foldedGroups } from './comparison/folded-paths.ts'

/** A warning for each group of paths that differ only in case or Unicode normalization, within a stage or between two. */
export function collisionFindings(traces: readonly Trace[]): Finding[] {
  return [...foldedGroups(traces).values()].map(group => {
    const sorted = group.toSorted((a, b) => comparePaths(a.path, b.path))
    const paths = sorted.map(({ path, steps }) => ({
      path,
      stages: steps.filter(({ file }) => file !== null).map(({ stage }) => stage.name),
    }))
    const isOneForm = new Set(paths.map(({ path }) => path.normalize('NFC'))).size === 1
    const collision: Collision = { kind: isOneForm ? 'normalization' : 'case', paths }
    return bareFinding({ code: 'path-collision', severity: 'warning', path: sorted[0]!.path, evidence: { collision } })
  })
}
