import type { Finding } from '../model/finding.ts'
import { type Path, parsePath } from '../model/path.ts'
import type { Report } from '../model/report.ts'
import type { Occurrence } from './occurrence.ts'

/** Where an occurrence is shown. */
export interface Spot {
  /** In the repository; of a file that only an image holds, there. */
  readonly path: Path
  /** 1-based. */
  readonly line: number
  /** Whether the finding names the file: one that names none is shown where the Python that runs the files is declared. */
  readonly isNamed: boolean
  /** Whether the repository has it. */
  readonly isInRepository: boolean
}

export function spotOf({ finding, site }: Occurrence, report: Report): Spot {
  const named = finding.path ?? finding.evidence.paths?.[0]
  if (named === undefined) return { ...declaration(report), isNamed: false, isInRepository: true }
  return { path: named, line: site?.start?.line ?? 1, isNamed: true, isInRepository: isInRepository(finding) }
}

function isInRepository({ code, evidence }: Finding): boolean {
  if (evidence.installed === true || code === 'unexpected-in-image') return false
  return evidence.change !== 'added' || code === 'uncommitted-change'
}

/** Where the Python that runs the files is declared; without such a place, the Dockerfile. */
function declaration({ roles }: Report): { readonly path: Path; readonly line: number } {
  const match = roles.deploy.map(({ from }) => placeInFile(from)).find(place => place !== null)
  return match ?? { path: 'Dockerfile' as Path, line: 1 }
}

/** `Dockerfile:7` as a place; null for what is no line of a file of the repository. */
export function placeInFile(from: string): { readonly path: Path; readonly line: number } | null {
  const match = /^([^\s:]+):([1-9]\d*)$/.exec(from)
  const path = parsePath(match?.[1] ?? '..')
  return path === null || path !== match?.[1] ? null : { path, line: Number(match[2]) }
}
