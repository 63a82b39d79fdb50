import type { CastInterpreter } from '../../model/interpreter.ts'
import type { HeldStep, Trace } from '../../model/trace.ts'
import type { Verdict } from '../../model/verdict.ts'
import { changeEvidence } from './change-evidence.ts'
import type { Draft } from './draft.ts'
import { acceptance, acceptingInterpreters, type Judged } from './judged.ts'
import { isWritten, missingSeverity } from './missing-evidence.ts'
import { nameChange } from './name-change.ts'
import { isShipped, verdictsOf, type Way } from './way.ts'

/** One file on one way, as one interpreter sees it. */
export interface Course {
  readonly trace: Trace
  readonly way: Way
  /** Where the bytes come from that the interpreter rejects in the end. */
  readonly origin: HeldStep | null
  readonly interpreter: CastInterpreter
}

/** Every difference between a stage and what came before it, but those that git makes itself and that break nothing. */
export function* changeDrafts({ trace, way, origin, interpreter }: Course, judged: Judged): Generator<Draft> {
  const shipped = isShipped(trace)
  const verdictAt = verdictsOf(judged, interpreter)
  for (const [at, step] of way.entries()) {
    const named = nameChange(way, at, verdictAt, judged)
    if (named === null) continue
    const { code, before } = named
    const effect = effectOf(verdictAt(before), verdictAt(step))
    if (code === 'unexpected-in-image' && isWritten(step.file!.path, judged.builds.get(step.stage.name))) continue
    const evidence = { ...changeEvidence({ trace, way, at, ...named }, judged), effect }
    if (origin !== null && step === origin) {
      const reaches = isShipped({ steps: way })
      const severity = reaches === false ? 'warning' : 'error'
      const accepted = acceptance(acceptingInterpreters(origin.file, judged), interpreter, judged)
      const breaks = { step: origin, interpreter }
      yield { code, severity, trace, shipped: reaches, breaks, evidence: { ...evidence, ...accepted } }
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
