/** What whoever opens a failed deploy may believe. */
export const hypothesisIds = [
  'interpreter-differs',
  'bytes-altered-in-upload',
  'bytes-altered-in-build',
  'stale-image',
  'uncommitted-source',
  'broken-before-commit',
  'files-dropped',
  'stale-bytecode',
  'platform-differs',
] as const

export type HypothesisId = (typeof hypothesisIds)[number]

export interface Hypothesis {
  readonly id: HypothesisId
  /** How many broken files have it for their cause. */
  readonly explains: number
  readonly state: 'confirmed' | 'refuted' | 'not-examined'
  /** The counted facts that decide it; where it was not examined, what to pass so that it can be. */
  readonly evidence: string
}
