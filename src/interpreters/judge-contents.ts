import { createHash } from 'node:crypto'
import { parseSha256, type Sha256 } from '../model/digest.ts'
import type { Interpreter } from '../model/interpreter.ts'
import type { Content } from '../model/manifest.ts'
import type { Judge } from '../model/verdict.ts'
import { compileAll, type Verdicts } from './compile-all.ts'
import type { VerdictCache } from './verdict-cache.ts'

export interface JudgingMeans {
  readonly cache: VerdictCache
  readonly judge: Judge
  /** Yields the contents with these digests, each once. */
  readonly contents: (wanted: ReadonlySet<Sha256>) => AsyncIterable<Content>
  /** Is told, before anything is compiled, how many contents will be. */
  readonly compiling: (contents: number) => void
}

/**
 * Every interpreter's verdict on every content: the remembered one, else the interpreter's own, remembered from then on. Only
 * contents of which a verdict is missing are read, and only interpreters that have to compile one are started.
 */
export async function judgeContents(
  wanted: ReadonlySet<Sha256>,
  interpreters: readonly Interpreter[],
  { cache, judge, contents, compiling }: JudgingMeans,
): Promise<Verdicts> {
  const known = await cache.known(wanted, interpreters)
  const askers = (sha256: Sha256) => interpreters.filter(({ id }) => known.get(sha256)?.has(id) !== true)
  const unknown = new Set([...wanted].filter(sha256 => askers(sha256).length > 0))
  if (unknown.size === 0) return known
  compiling(unknown.size)
  const compiled = await compileAll(contents(unknown), askers, async ({ sha256, bytes }, interpreter) => {
    const verdict = await judge(bytes, interpreter)
    cache.remember(sha256, interpreter, verdict)
    return verdict
  })
  const all = [...wanted].map(
    sha256 => [sha256, new Map([...(known.get(sha256) ?? []), ...(compiled.get(sha256) ?? [])])] as const,
  )
  return new Map(all)
}

/** The same judge, which asks no interpreter about what is remembered. */
export function rememberingJudge(judge: Judge, cache: VerdictCache): Judge {
  return async (source, interpreter) => {
    const sha256 = parseSha256(createHash('sha256').update(source).digest('hex'))
    const known = (await cache.known([sha256], [interpreter])).get(sha256)?.get(interpreter.id)
    if (known !== undefined) return known
    const verdict = await judge(source, interpreter)
    cache.remember(sha256, interpreter, verdict)
    return verdict
  }
}
