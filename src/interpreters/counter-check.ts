import type { Sha256 } from '../model/digest.ts'
import { type Agreement, type CastInterpreter, isOfImage } from '../model/interpreter.ts'
import type { Verdict } from '../model/verdict.ts'
import { undecided } from './answer.ts'
import type { Verdicts } from './compile-all.ts'

/**
 * Holds what images' own interpreters say against the interpreters that check them: what an image takes and another build of
 * the same minor version rejects, nobody can tell. What an image rejects stays rejected, as it is what runs; a remark says
 * how much of it the other build takes, and the agreements of each pair count all that both answered for.
 */
export function counterCheck(
  verdicts: Verdicts,
  interpreters: readonly CastInterpreter[],
): { readonly verdicts: Verdicts; readonly agreements: readonly Agreement[]; readonly remarks: readonly string[] } {
  const checked = new Map<Sha256, ReadonlyMap<string, Verdict>>(verdicts)
  const agreements: Agreement[] = []
  const remarks: string[] = []
  for (const { own, other } of pairs(interpreters)) {
    let [taken, rejected, equal] = [0, 0, 0]
    for (const [sha256, answers] of checked) {
      const [says, contradicts] = [answers.get(own.id), answers.get(other.id)]
      if (says !== undefined && says.kind !== 'undecided' && says.kind === contradicts?.kind) equal += 1
      if (says?.kind === 'breaks' && contradicts?.kind === 'compiles') rejected += 1
      if (says?.kind !== 'compiles' || contradicts?.kind !== 'breaks') continue
      taken += 1
      const reason = `${named(own)} takes it, and ${named(other)} rejects it: ${contradicts.message} (${relation(own, other)})`
      checked.set(sha256, new Map([...answers, [own.id, undecided(reason)]]))
    }
    agreements.push({ own: own.id, other: other.id, equal, differing: taken + rejected })
    const between = `${named(own)} and ${named(other)} disagree`
    if (taken > 0)
      remarks.push(`${between}: the image takes ${contents(taken)} that the other rejects, so nobody can tell`)
    if (rejected > 0) {
      remarks.push(`${between}: the image rejects ${contents(rejected)} that the other takes (${relation(own, other)})`)
    }
  }
  return { verdicts: checked, agreements, remarks }
}

function pairs(interpreters: readonly CastInterpreter[]) {
  return interpreters.flatMap(other =>
    other.checks.map(id => ({ own: interpreters.find(each => each.id === id)!, other })),
  )
}

function named(interpreter: CastInterpreter): string {
  const { version, provider } = interpreter
  return `CPython ${version} ${isOfImage(interpreter) ? `of ${interpreter.stage}` : `(${provider})`}`
}

/** Why they may differ. */
function relation(own: CastInterpreter, other: CastInterpreter): string {
  return own.version === other.version
    ? 'two builds of one release should agree'
    : 'they are different patch releases, which may truly differ'
}

function contents(count: number): string {
  return count === 1 ? '1 content' : `${count} contents`
}
