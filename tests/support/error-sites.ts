import { errorSites } from '../../src/diagnosis/error-sites.ts'
import type { Syntax } from '../../src/diagnosis/syntax.ts'
import type { SiteList } from '../../src/model/finding.ts'
import type { Interpreter } from '../../src/model/interpreter.ts'
import type { Judge } from '../../src/model/verdict.ts'

/** The sites of a source; none, and complete, when it compiles. */
export async function sitesIn(
  source: string | Uint8Array,
  interpreter: Interpreter,
  { judge, syntax }: { judge: Judge; syntax: Syntax },
): Promise<SiteList> {
  const bytes = typeof source === 'string' ? Buffer.from(source) : source
  const ask = (masked: Uint8Array) => judge(masked, interpreter)
  const verdict = await ask(bytes)
  if (verdict.kind === 'undecided') throw new Error(verdict.reason)
  if (verdict.kind === 'compiles') return { sites: [], complete: true }
  return errorSites(bytes, verdict, { ask, syntax, version: interpreter.version })
}
