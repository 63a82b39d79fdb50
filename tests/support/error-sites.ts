import { chooseWitnesses } from '../../src/diagnosis/choose-witnesses.ts'
import { errorSites } from '../../src/diagnosis/error-sites.ts'
import { hasBrought } from '../../src/diagnosis/features.ts'
import type { Syntax } from '../../src/diagnosis/syntax.ts'
import type { SiteList } from '../../src/model/finding.ts'
import type { Interpreter } from '../../src/model/interpreter.ts'
import type { Judge, SameTree } from '../../src/model/verdict.ts'
import { allPythons } from './native.ts'

/** The sites of a source; none, and complete, when it compiles. */
export async function sitesIn(
  source: string | Uint8Array,
  interpreter: Interpreter,
  { judge, sameTree, syntax }: { judge: Judge; sameTree: SameTree; syntax: Syntax },
): Promise<SiteList> {
  const bytes = typeof source === 'string' ? Buffer.from(source) : source
  const ask = (masked: Uint8Array) => judge(masked, interpreter)
  const verdict = await ask(bytes)
  if (verdict.kind === 'undecided') throw new Error(verdict.reason)
  if (verdict.kind === 'compiles') return { sites: [], complete: true }
  return errorSites(bytes, verdict, {
    ask,
    syntax,
    version: interpreter.version,
    witnessesFor: feature =>
      chooseWitnesses(feature, allPythons).map(witness => ({
        id: witness.id,
        hasBrought: hasBrought(feature, witness.version),
        ask: masked => judge(masked, witness),
      })),
    sameTree: async (sources, features) => {
      const witness = allPythons.find(({ version }) => features.every(feature => hasBrought(feature, version)))
      return witness === undefined ? null : sameTree(sources, witness)
    },
  })
}
