import type { Evidence, FindingCode } from '../../model/finding.ts'
import type { CastInterpreter } from '../../model/interpreter.ts'
import type { Trace } from '../../model/trace.ts'
import type { Verdict } from '../../model/verdict.ts'
import type { Draft } from './draft.ts'
import { acceptingInterpreters, type Judged } from './judged.ts'
import { isWritten, missingEvidence, missingSeverity } from './missing-evidence.ts'
import { type HeldStep, isShipped, verdictsOf, type Way } from './way.ts'

/** One file on one way, as one interpreter sees it. */
export interface Course {
  readonly trace: Trace
  readonly way: Way
  /** Where the bytes come from that the interpreter rejects in the end. */
  readonly origin: HeldStep | null
  readonly interpreter: CastInterpreter
}

/** Every difference between a stage and the one before it. */
export function* changeDrafts({ trace, way, origin, interpreter }: Course, judged: Judged): Generator<Draft> {
  const shipped = isShipped(trace)
  const verdictAt = verdictsOf(judged, interpreter)
  for (const [at, step] of way.entries()) {
    const before = way[at - 1]
    if (before === undefined || step.file?.sha256 === before.file?.sha256) continue
    const effect = effectOf(verdictAt(before), verdictAt(step))
    const code = codeOfChange(way, at, effect)
    if (code === null) continue
    if (code === 'unexpected-in-image' && isWritten(step.file!.path, judged.builds.get(step.stage.name))) continue
    const evidence = { ...changeEvidence(way, at, judged), effect }
    if (origin !== null && step === origin) {
      const severity = shipped === false ? 'warning' : 'error'
      const acceptedBy = acceptingInterpreters(origin.file, judged)
      const breaks = { step: origin, interpreter }
      yield { code, severity, trace, shipped, breaks, evidence: { ...evidence, acceptedBy } }
    } else {
      const severity = code === 'missing-from-image' ? missingSeverity(evidence) : 'warning'
      yield { code, severity, trace, shipped, breaks: null, evidence }
    }
  }
}

function effectOf(before: Verdict | null, after: Verdict | null): 'breaks' | 'mends' | 'none' {
  if (after?.kind === 'breaks') return before?.kind === 'breaks' ? 'none' : 'breaks'
  return after?.kind === 'compiles' && before?.kind === 'breaks' ? 'mends' : 'none'
}

/** What a difference between a step and the one before it is called; null where it is nobody's concern. */
function codeOfChange(way: Way, at: number, effect: string): FindingCode | null {
  const { stage, file } = way[at]!
  const before = way[at - 1]!.file
  const committed = way[0]!.file
  switch (stage.place) {
    case 'commit':
      return null
    case 'worktree':
      return 'uncommitted-change'
    case 'upload':
      if (file === null) return committed === null ? null : 'missing-from-upload'
      if (file.sha256 === committed?.sha256) return null
      return before === null && committed === null ? 'uncommitted-change' : 'altered-in-upload'
    case 'image':
      if (file === null) return committed === null ? null : 'missing-from-image'
      return before !== null || effect === 'breaks' ? 'altered-in-image' : 'unexpected-in-image'
  }
}

function changeEvidence(way: Way, at: number, judged: Judged): Evidence {
  const before = way[at - 1]!
  const { stage, file } = way[at]!
  const { images, ignoreRule } = judged
  const rule = stage.place === 'upload' && file === null ? ignoreRule(before.file!.path) : null
  const layer = file === null ? undefined : images.get(stage.name)?.layers[file.layer]
  const sameAs = way.slice(0, at - 1).find(step => file !== null && step.file?.sha256 === file.sha256)
  return {
    change: before.file === null ? 'added' : file === null ? 'removed' : 'rewritten',
    before: { stage: before.stage.name, sha256: before.file?.sha256 ?? null },
    after: { stage: stage.name, sha256: file?.sha256 ?? null },
    ...(rule === null ? {} : { rule }),
    ...(stage.place === 'image' && file === null ? missingEvidence(before.file!.path, stage.name, judged) : {}),
    ...(sameAs === undefined ? {} : { sameAs: sameAs.stage.name }),
    ...(stage.place === 'image' && file !== null ? { imagePath: `/${file.path}` } : {}),
    ...(layer === undefined ? {} : { layer: { index: file!.layer, ...layer } }),
  }
}
