import type { Finding } from '../model/finding.ts'
import type { DeclaredVersion, Role } from '../model/interpreter.ts'
import type { WithoutSource } from '../model/trace.ts'
import { bareFinding } from './bare-finding.ts'

/** What was asked for and could not be looked at as a whole. */
export interface Unseen {
  readonly missing: readonly (DeclaredVersion & { readonly roles: readonly Role[] })[]
  readonly unmapped: readonly WithoutSource[]
}

/** A finding about no single file for each thing that could not be told: it keeps the outcome from being clean. */
export function undecidedAltogether({ missing, unmapped }: Unseen): Finding[] {
  const reasons = [
    ...missing.map(
      ({ version, from, roles }) =>
        `no CPython ${version} to ask (${[...roles, from].join(', ')}): install one, or pass another version`,
    ),
    ...unmapped.map(({ stage, isMapped }) =>
      isMapped
        ? `nothing of the source stands in ${stage} where --map says: is it the right image, and the right --map?`
        : `nothing of the source was found in ${stage}: is it the right image? Say where it is with --map`,
    ),
  ]
  return reasons.map(reason => bareFinding({ code: 'undecided', severity: 'error', path: null, evidence: { reason } }))
}
