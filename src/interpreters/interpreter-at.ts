import { realpath } from 'node:fs/promises'
import { VerifierError } from '../model/errors.ts'
import type { Interpreter } from '../model/interpreter.ts'
import { askPython } from './ask-python.ts'
import { startNativeProgram } from './native-program.ts'
import { nativeInterpreter } from './python-identity.ts'

/** Milliseconds. */
const timeLimit = 10_000

/**
 * The CPython that somebody names by its path.
 *
 * @throws VerifierError `interpreter-missing` when there is none.
 */
export async function interpreterAt(executable: string): Promise<Interpreter> {
  try {
    const program = await realpath(executable)
    return nativeInterpreter(await askPython(async args => startNativeProgram(program, args), { timeLimit }), program)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new VerifierError('interpreter-missing', `${executable} cannot be used, name a CPython: ${reason}`, { cause })
  }
}
