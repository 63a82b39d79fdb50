import { constants } from 'node:fs'
import { access, open, realpath, stat } from 'node:fs/promises'
import { basename } from 'node:path'

/** A file that this system may be able to run, not yet run. */
export interface Program {
  /** Its real path, wherever links lead from. */
  readonly path: string
  /** Bytes. */
  readonly size: number
  /** When it was last written, in milliseconds. */
  readonly modified: number
  /** Its user's number; 0 on Windows, whoever that is. */
  readonly owner: number
}

/** How programs begin: ELF, Mach-O of either word size and byte order, Mach-O for several processors. */
const beginnings = ['7f454c46', 'feedface', 'feedfacf', 'cefaedfe', 'cffaedfe', 'cafebabe', 'cafebabf']

/**
 * The program that `path` names or leads to. A script is none: what the shim of a version manager would start is found
 * among its versions.
 *
 * @throws Error, with why in its message, when there is none.
 */
export async function programAt(path: string): Promise<Program> {
  const real = await realpath(path).catch(cause => fail('it leads nowhere', cause))
  const found = await stat(real).catch(cause => fail('it cannot be looked at', cause))
  // Before it is opened: to open a pipe waits for who writes into it.
  if (!found.isFile()) throw new Error('it is no file')
  const beginning = await beginningOf(real).catch(cause => fail('it may not be read', cause))
  if (beginning.startsWith('2321')) throw new Error('it is a script, and no script is run')
  if (!beginnings.includes(beginning) && !beginning.startsWith('4d5a')) throw new Error('it is no program')
  await access(real, constants.X_OK).catch(cause => fail('it may not be run', cause))
  return { path: real, size: found.size, modified: found.mtimeMs, owner: found.uid }
}

/**
 * The same, where it is called like a Python.
 *
 * @throws Error as well when it leads to a program called otherwise, as the shims of mise lead to mise.
 */
export async function pythonProgramAt(path: string): Promise<Program> {
  const program = await programAt(path)
  const name = basename(program.path)
  if (/^(?:python|pypy|graalpy)/i.test(name)) return program
  throw new Error(`it leads to ${name}, which is not called a Python`)
}

async function beginningOf(path: string): Promise<string> {
  await using file = await open(path)
  const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0)
  return buffer.toString('hex', 0, bytesRead)
}

function fail(reason: string, cause: unknown): never {
  throw new Error(reason, { cause })
}
