import { realpath } from 'node:fs/promises'
import { VerifierError } from '../model/errors.ts'
import type { Interpreter } from '../model/interpreter.ts'
import { askInterpreter } from './ask-version.ts'

/** Milliseconds. */
const timeLimit = 10_000

/**
 * The CPython that somebody names by its path.
 *
 * @throws VerifierError `interpreter-missing` when there is none.
 */
export async function interpreterAt(executable: string): Promise<Interpreter> {
  try {
    return await askInterpreter(await realpath(executable), timeLimit)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new VerifierError('interpreter-missing', `${executable} cannot be used, name a CPython: ${reason}`, { cause })
  }
}
