import type { Sha256 } from '../model/digest.ts'
import type { Interpreter } from '../model/interpreter.ts'
import type { Content } from '../model/manifest.ts'
import type { Judge, Verdict } from '../model/verdict.ts'

/** By content, then by the interpreter's id. */
export type Verdicts = ReadonlyMap<Sha256, ReadonlyMap<string, Verdict>>

/** Contents held at once while interpreters work on them: enough to keep them busy, and few enough for bounded memory. */
const mostContents = 64
const mostBytes = 32 * 1024 * 1024

/** Has every interpreter compile every content, each once; a content is let go when all have answered. */
export async function compileAll(
  contents: AsyncIterable<Content>,
  interpreters: readonly Interpreter[],
  judge: Judge,
): Promise<Verdicts> {
  const verdicts = new Map<Sha256, ReadonlyMap<string, Verdict>>()
  const open = new Set<Promise<void>>()
  let openBytes = 0
  for await (const { sha256, bytes } of contents) {
    openBytes += bytes.length
    const answered = Promise.all(interpreters.map(async each => [each.id, await judge(bytes, each)] as const)).then(
      answers => {
        verdicts.set(sha256, new Map(answers))
        openBytes -= bytes.length
        open.delete(answered)
      },
    )
    open.add(answered)
    answered.catch(() => undefined) // it is heard of below; until then the next content may be waited for
    while (open.size > 0 && (open.size >= mostContents || openBytes >= mostBytes)) await Promise.race(open)
  }
  await Promise.all(open)
  return verdicts
}
