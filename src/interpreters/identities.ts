import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { askPython } from './ask-python.ts'
import { startNativeProgram } from './native-program.ts'
import type { Program } from './program-at.ts'
import { type PythonIdentity, parseIdentity } from './python-identity.ts'

/** What programs said they are, so that each is asked once. It says what a version is, never what is run. */
export interface Identities {
  /** Null when it was never asked, or was written since. */
  readonly recall: (program: Program) => PythonIdentity | null
  readonly remember: (program: Program, identity: PythonIdentity) => void
  /** Keeps what was remembered; that it cannot be kept costs the next run some time, and nothing else. */
  readonly save: () => Promise<void>
}

interface Entry {
  readonly size: number
  readonly modified: number
  readonly identity: PythonIdentity
}

/** More than a machine has; beyond it, the oldest are forgotten. */
const mostEntries = 256

/** Raised when the question or the answer changes. */
const format = 1

/** Those kept in a cache folder; with none, nothing is recalled and nothing is kept. What is damaged counts as not there. */
export async function openIdentities(cacheDirectory: string | null): Promise<Identities> {
  const file = cacheDirectory === null ? null : join(cacheDirectory, 'interpreters.json')
  const entries = file === null ? new Map<string, Entry>() : await readEntries(file)
  let isNew = false
  return {
    recall: ({ path, size, modified }) => {
      const known = entries.get(path)
      return known?.size === size && known.modified === modified ? known.identity : null
    },
    remember: ({ path, size, modified }, identity) => {
      entries.delete(path)
      entries.set(path, { size, modified, identity })
      isNew = true
    },
    save: async () => {
      if (file === null || !isNew) return
      const programs = [...entries].slice(-mostEntries).map(([path, entry]) => ({ path, ...entry }))
      await replaceFile(cacheDirectory!, file, `${JSON.stringify({ format, programs })}\n`)
    },
  }
}

/**
 * What a program says it is, now or when it was last asked; it has `timeLimit` milliseconds.
 *
 * @throws Error, with why in its message, when it does not answer as a Python does.
 */
export async function identityOf(
  program: Program,
  { identities, timeLimit }: { readonly identities: Identities; readonly timeLimit: number },
): Promise<PythonIdentity> {
  const known = identities.recall(program)
  if (known !== null) return known
  const identity = await askPython(async args => startNativeProgram(program.path, args), { timeLimit })
  identities.remember(program, identity)
  return identity
}

async function readEntries(file: string): Promise<Map<string, Entry>> {
  try {
    const document = JSON.parse(await readFile(file, 'utf8')) as { format?: unknown; programs?: unknown } | null
    if (document?.format !== format || !Array.isArray(document.programs)) return new Map()
    return new Map(document.programs.flatMap(parseEntry))
  } catch {
    return new Map() // the first run, or damaged: everything is asked again
  }
}

/** None, or one. */
function parseEntry(value: unknown): [string, Entry][] {
  if (typeof value !== 'object' || value === null) return []
  const { path, size, modified, identity } = value as Record<string, unknown>
  const parsed = parseIdentity(identity)
  if (typeof path !== 'string' || typeof size !== 'number' || typeof modified !== 'number' || parsed === null) return []
  return [[path, { size, modified, identity: parsed }]]
}

/** At once, whoever reads or writes it meanwhile. */
async function replaceFile(directory: string, file: string, text: string): Promise<void> {
  const temporary = `${file}.${randomUUID()}`
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    await writeFile(temporary, text, { mode: 0o600, flag: 'wx' })
    await rename(temporary, file)
  } catch {
    // A cache that cannot be written is no reason to stop.
    await rm(temporary, { force: true }).catch(() => undefined)
  }
}
