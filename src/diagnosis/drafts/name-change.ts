import type { FindingCode } from '../../model/finding.ts'
import type { Step } from '../../model/trace.ts'
import type { Verdict } from '../../model/verdict.ts'
import { holdsSame } from '../comparison/pairs.ts'
import { isAsCommitted, type Judged } from './judged.ts'
import type { Way } from './way.ts'

/** What a difference is called, and the step that it is a difference from. */
export interface NamedChange {
  readonly code: FindingCode
  readonly before: Step
}

type VerdictAt = (step: Step) => Verdict | null

/** What a step's difference from what came before it is called; null where there is none, or where it is nobody's concern. */
export function nameChange(way: Way, at: number, verdictAt: VerdictAt, judged: Judged): NamedChange | null {
  const step = way[at]!
  const before = way[at - 1]
  if (before === undefined) return null
  const isHarmless = isAsCommitted(step, way[0]!, verdictAt, judged)
  switch (step.stage.place) {
    case 'commit':
      return null
    case 'worktree':
      if (isHarmless || isSparse(before, step, judged) || holdsSame(step.file, before.file)) return null
      return { code: 'uncommitted-change', before }
    case 'upload':
      if (isHarmless) return null
      return step.file === null ? notUploaded(way, at, judged) : uploadedOtherwise(way, at, judged)
    case 'image':
      return holdsSame(step.file, before.file) ? null : inImage(way, at, verdictAt)
  }
}

/** Whether a sparse checkout is why the disk does not hold what is committed. */
export function isSparse({ file: before }: Step, { file }: Step, { comparison }: Judged): boolean {
  return before !== null && file === null && comparison.index?.get(before.path)?.skipped === true
}

function notUploaded(way: Way, at: number, judged: Judged): NamedChange | null {
  const [commit, before] = [way[0]!, way[at - 1]!]
  if (commit.file === null) return null
  // What is gone from the disk has its finding there already.
  if (before.file !== null) return { code: 'missing-from-upload', before }
  return isSparse(commit, before, judged) ? { code: 'missing-from-upload', before: commit } : null
}

/** Compared with the working tree first; with the commit where the disk holds nothing, or where that explains more. */
function uploadedOtherwise(way: Way, at: number, { comparison }: Judged): NamedChange | null {
  const [commit, before, { file }] = [way[0]!, way[at - 1]!, way[at]!]
  if (holdsSame(file, before.file)) return null
  const isStandIn = commit.file !== null && comparison.standIns.has(commit.file)
  if (holdsSame(file, commit.file) && !isStandIn) return null
  if (commit.file === null) return { code: before.file === null ? 'uncommitted-change' : 'altered-in-upload', before }
  const explains = (step: Step) => step.file !== null && comparison.explained(step.file, file!)?.change
  const fromCommit = before.file === null || (explains(before) === 'rewritten' && explains(commit) !== 'rewritten')
  return { code: 'altered-in-upload', before: fromCommit ? commit : before }
}

function inImage(way: Way, at: number, verdictAt: VerdictAt): NamedChange | null {
  const [commit, before, step] = [way[0]!, way[at - 1]!, way[at]!]
  if (step.file === null) return commit.file === null ? null : { code: 'missing-from-image', before }
  const breaks = verdictAt(step)?.kind === 'breaks' && verdictAt(before)?.kind !== 'breaks'
  return { code: before.file !== null || breaks ? 'altered-in-image' : 'unexpected-in-image', before }
}
