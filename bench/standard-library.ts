import { execa } from 'execa'
import type { Interpreter } from '../src/model/interpreter.ts'

/** The folder of the standard library of a native CPython. */
export async function standardLibrary({ executable }: Interpreter): Promise<string> {
  const { stdout } = await execa(executable!, ['-c', 'import os; print(os.path.dirname(os.__file__))'])
  return stdout
}
