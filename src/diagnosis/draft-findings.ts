import type { HeldStep } from '../model/trace.ts'
import { type Course, changeDrafts } from './drafts/change-drafts.ts'
import type { Draft } from './drafts/draft.ts'
import { elsewhereDrafts } from './drafts/elsewhere-drafts.ts'
import { acceptance, acceptingInterpreters, isAsCommitted, type Judged } from './drafts/judged.ts'
import { undecidedDrafts } from './drafts/undecided-drafts.ts'
import { isShipped, originOfBreak, runnersOf, verdictsOf, waysOf } from './drafts/way.ts'

/** What is wrong with each file, and where it went wrong first: at most one draft for a code, a path, a stage and a place in it. */
export function draftFindings(judged: Judged): Draft[] {
  const drafts = new Map<string, Draft>()
  for (const draft of allDrafts(judged)) {
    const stage = draft.breaks?.step.stage.name ?? draft.evidence.after?.stage
    const key = [draft.code, draft.trace.path, stage, draft.evidence.imagePath].join('\0')
    const known = drafts.get(key)
    if (known === undefined || (known.severity !== 'error' && draft.severity === 'error')) drafts.set(key, draft)
  }
  return [...drafts.values()]
}

function* allDrafts(judged: Judged): Generator<Draft> {
  for (const trace of judged.traces) {
    yield* undecidedDrafts(trace, judged)
    for (const way of waysOf(trace)) {
      yield* elsewhereDrafts(trace, way, judged)
      for (const interpreter of runnersOf(way, judged)) {
        const verdictAt = verdictsOf(judged, interpreter)
        const origin = originOfBreak(way, verdictAt)
        const isCommitted = (step: HeldStep) => step === way[0] || isAsCommitted(step, way[0]!, verdictAt, judged)
        if (origin !== null && isCommitted(origin))
          yield brokenFromTheStart({ trace, way, origin, interpreter }, judged)
        yield* changeDrafts({ trace, way, origin, interpreter }, judged)
      }
    }
  }
}

type Broken = Course & { readonly origin: HeldStep }

function brokenFromTheStart({ trace, way, origin, interpreter }: Broken, judged: Judged): Draft {
  const shipped = isShipped({ steps: way })
  const acceptedBy = acceptingInterpreters(origin.file, judged)
  return {
    code: acceptedBy.length > 0 ? 'version-skew' : 'broken-source',
    severity: shipped === false ? 'note' : 'error',
    trace,
    shipped,
    breaks: { step: origin, interpreter },
    evidence: acceptance(acceptedBy, interpreter, judged),
  }
}
