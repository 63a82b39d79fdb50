import type { Trace } from '../../model/trace.ts'
import type { Draft } from './draft.ts'
import type { Judged } from './judged.ts'
import { isShipped } from './way.ts'

/** The first stage of a file that an interpreter could not judge. */
export function* undecidedDrafts(trace: Trace, { interpreters, verdictOf }: Judged): Generator<Draft> {
  for (const interpreter of interpreters) {
    for (const { stage, file } of trace.steps) {
      const verdict = file?.kind === 'file' ? verdictOf(file, interpreter) : null
      if (verdict?.kind !== 'undecided') continue
      const evidence = {
        reason: verdict.reason,
        interpreter: interpreter.id,
        after: { stage: stage.name, sha256: file!.sha256 },
      }
      yield { code: 'undecided', severity: 'error', trace, shipped: isShipped(trace), breaks: null, evidence }
      break
    }
  }
}
