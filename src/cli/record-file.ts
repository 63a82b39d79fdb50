import { readFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { VerifierError } from '../model/errors.ts'
import { quoted } from '../model/quoted.ts'
import type { Io } from './io.ts'

/** What a file is to hold, for a message. */
export interface RecordKind {
  /** `a build`. */
  readonly kind: string
  /** What makes one. */
  readonly command: string
  /** Bytes; a larger file is none. */
  readonly largest: number
}

/**
 * What `read` makes of a file that the user names; null where none is named.
 *
 * @throws VerifierError when it cannot be read, is too large, or as `read` does.
 */
export async function recordFile<Read>(
  file: string | undefined,
  { kind, command, largest }: RecordKind,
  { cwd }: Io,
  read: (bytes: Buffer, file: string) => Read,
): Promise<Read | null> {
  if (file === undefined) return null
  const fail = (problem: string, options?: ErrorOptions) =>
    new VerifierError('record-unreadable', `cannot read ${kind} from ${quoted(file)}: ${problem}`, options)
  const path = resolve(cwd, file)
  try {
    const stats = await stat(path)
    if (!stats.isFile()) throw fail(`it is no file; make one with ${command}`)
    if (stats.size > largest)
      throw fail(`it is larger than ${largest / 1024 / 1024} MiB, as ${kind.replace(/^an? /, 'no ')} is`)
    return read(await readFile(path), file)
  } catch (error) {
    if (error instanceof VerifierError) throw error
    throw fail(`${(error as NodeJS.ErrnoException).code}; name a file that can be read`, { cause: error })
  }
}
