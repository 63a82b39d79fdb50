import type { Finding, Site } from '../model/finding.ts'
import type { SourceWarning, Warned } from '../model/verdict.ts'
import { bareFinding } from './bare-finding.ts'
import type { Course } from './drafts/change-drafts.ts'
import type { Judged } from './drafts/judged.ts'
import { isShipped, runnersOf, verdictsOf, waysOf } from './drafts/way.ts'
import { verdictVector } from './locate-breaks.ts'

/**
 * A note for each file and kind of warning of an interpreter that runs it, where it stands at the end of its way. What it
 * warns of breaks nothing.
 */
export function warningFindings(judged: Judged): Finding[] {
  return judged.traces.flatMap(trace => {
    const findings = new Map<string, Finding>()
    for (const way of waysOf(trace)) {
      for (const interpreter of runnersOf(way, judged).filter(({ roles }) => roles.includes('deploy'))) {
        for (const [key, finding] of warningsOf({ trace, way, interpreter }, judged)) {
          if (!findings.has(key)) findings.set(key, finding)
        }
      }
    }
    return [...findings.values()]
  })
}

/** By the content and the kind: two images that hold the same are warned of once. */
function* warningsOf(
  { trace, way, interpreter }: Omit<Course, 'origin'>,
  judged: Judged,
): Generator<readonly [string, Finding]> {
  const { stage, file } = way.at(-1)!
  const verdict = verdictsOf(judged, interpreter)(way.at(-1)!)
  if (verdict?.kind !== 'compiles' || verdict.warned === undefined) return
  for (const [kind, warnings] of byKind(verdict.warned)) {
    const { category } = warnings[0]!
    const evidence = {
      after: { stage: stage.name, sha256: file!.sha256 },
      interpreter: interpreter.id,
      warning: { category, kind },
      ...(stage.place === 'image' ? { imagePath: `/${file!.path}` } : {}),
    }
    const finding = {
      ...bareFinding({ code: 'syntax-warning', severity: 'note', path: trace.path, evidence }),
      shipped: isShipped(trace),
      sites: sitesOf(warnings),
      sitesComplete: verdict.warned.complete,
      verdicts: verdictVector(trace, judged),
    }
    yield [`${file!.sha256} ${kind}`, finding]
  }
}

function byKind({ warnings }: Warned): ReadonlyMap<string, readonly SourceWarning[]> {
  const groups = new Map<string, SourceWarning[]>()
  for (const warning of warnings) {
    const kind = kindOf(warning)
    const group = groups.get(kind)
    if (group === undefined) groups.set(kind, [warning])
    else group.push(warning)
  }
  return groups
}

/** The words without what they quote, be it without quotation marks, as escapes up to 3.9. */
function kindOf({ message }: SourceWarning): string {
  return message.replaceAll(/'[^']*'|"[^"]*"|\\./g, '…')
}

function sitesOf(warnings: readonly SourceWarning[]): Site[] {
  return warnings
    .toSorted((a, b) => a.at.line - b.at.line || a.at.column - b.at.column)
    .map(({ at, message }) => ({ start: at, end: null, message, feature: null, suggestion: null }))
}
