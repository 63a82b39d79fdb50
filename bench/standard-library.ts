import { readdir } from 'node:fs/promises'
import { execa } from 'execa'
import type { Interpreter } from '../src/model/interpreter.ts'
import { isCopied } from './copy-tree.ts'

/** Python files. A smaller tree shows what a run costs beside compiling. */
const fewestFiles = 1700

/**
 * The folder of the standard library, with its tests, of the newest of these CPythons that has them.
 *
 * @throws Error when none has: some distributions leave them out.
 */
export async function standardLibrary(interpreters: readonly Interpreter[]): Promise<string> {
  for (const { executable } of interpreters.toReversed()) {
    const { stdout } = await execa(executable!, ['-c', 'import os; print(os.path.dirname(os.__file__))'])
    const names = await readdir(stdout, { recursive: true })
    if (names.filter(name => name.endsWith('.py') && isCopied(name)).length >= fewestFiles) return stdout
  }
  throw new Error(`no CPython here has a standard library of ${fewestFiles} files: name a tree`)
}
