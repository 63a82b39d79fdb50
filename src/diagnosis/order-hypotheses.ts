import type { FindingCode } from '../model/finding.ts'
import type { Hypothesis, HypothesisId } from '../model/hypothesis.ts'
import type { Draft } from './drafts/draft.ts'

/** An answer, and of how many files it speaks. */
export type Counted = Hypothesis & { readonly about: number }

/** What a file is called that is broken because a theory holds. */
const causes: Readonly<Record<HypothesisId, readonly FindingCode[]>> = {
  'interpreter-differs': ['version-skew'],
  'bytes-altered-in-upload': ['altered-in-upload'],
  'bytes-altered-in-build': ['altered-in-image'],
  'stale-image': ['stale-in-image'],
  'uncommitted-source': ['uncommitted-change'],
  'broken-before-commit': ['broken-source'],
  'files-dropped': ['missing-from-upload', 'missing-from-image'],
  'stale-bytecode': ['stale-bytecode'],
  'platform-differs': [],
}

/** How many broken files have a theory for their cause: those that an interpreter rejects, and those that are wrong otherwise. */
export function explainedBy(id: HypothesisId, drafts: readonly Draft[]): number {
  const broken = drafts.filter(
    ({ code, severity, breaks, evidence }) =>
      causes[id].includes(code) && evidence.installed !== true && (severity === 'error' || breaks !== null),
  )
  return new Set(broken.map(({ trace }) => trace.path)).size
}

const states = ['confirmed', 'refuted', 'not-examined'] as const

/** What explains most comes first; of what explains as much, what is about more files; then the order given. */
export function orderHypotheses(answers: readonly Counted[]): Hypothesis[] {
  return answers
    .toSorted(
      (a, b) => states.indexOf(a.state) - states.indexOf(b.state) || b.explains - a.explains || rank(b) - rank(a),
    )
    .map(({ about: _, ...answer }) => answer)
}

/** Among theories that were not examined nothing was counted that could be compared. */
function rank({ state, about }: Counted): number {
  return state === 'confirmed' ? about : 0
}
