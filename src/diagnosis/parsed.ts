import type { Verdict } from '../model/verdict.ts'
import { commentLines } from './beginning.ts'
import { sameVerdict } from './look.ts'

/** Has an interpreter compile a text. */
export type Ask = (text: string) => Promise<Verdict>

/**
 * No interpreter parses past the second 0, and only where a statement may stand does it come as far as that: in brackets, below
 * a decorator and for want of an indented block it stops at the first word, in a string elsewhere.
 */
export const barrier = 'return 0 0\n'

/** Whether the interpreter parses a text that ends above this line, and a statement so indented may stand there. */
export async function isParsed(
  text: string,
  indentation: string,
  { ask, line }: { readonly ask: Ask; readonly line: number },
): Promise<boolean> {
  const alone = await ask(commentLines(text) + barrier)
  if (alone.kind !== 'breaks' || alone.at === null) return false
  const at = { line, column: alone.at.column + indentation.length }
  return sameVerdict({ ...alone, at }, await ask(text + indentation + barrier))
}
