import type { Sha256 } from '../model/digest.ts'
import type { Interpreter } from '../model/interpreter.ts'
import type { Content } from '../model/manifest.ts'
import type { Verdict } from '../model/verdict.ts'

/** By content, then by the interpreter's id. */
export type Verdicts = ReadonlyMap<Sha256, ReadonlyMap<string, Verdict>>

/** Contents held at once while interpreters work on them: enough to keep them busy, and few enough for bounded memory. */
const mostContents = 64
const mostBytes = 32 * 1024 * 1024

/** Has every content compiled by its `askers`, once by each; a content is let go when all have answered. */
export async function compileAll(
  contents: AsyncIterable<Content>,
  askers: (sha256: Sha256) => readonly Interpreter[],
  ask: (content: Content, interpreter: Interpreter) => Promise<Verdict>,
): Promise<Verdicts> {
  const verdicts = new Map<Sha256, ReadonlyMap<string, Verdict>>()
  const open = new Set<Promise<void>>()
  let openBytes = 0
  for await (const content of contents) {
    const { sha256, bytes } = content
    openBytes += bytes.length
    const asked = askers(sha256).map(async each => [each.id, await ask(content, each)] as const)
    const answered = Promise.all(asked).then(answers => {
      verdicts.set(sha256, new Map(answers))
      openBytes -= bytes.length
      open.delete(answered)
    })
    open.add(answered)
    answered.catch(() => undefined) // it is heard of below; until then the next content may be waited for
    while (open.size > 0 && (open.size >= mostContents || openBytes >= mostBytes)) await Promise.race(open)
  }
  await Promise.all(open)
  return verdicts
}
