import { readFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { readBuild } from '../evidence/read-build.ts'
import type { BuildRecord } from '../model/build-record.ts'
import { VerifierError } from '../model/errors.ts'
import { quoted } from '../model/quoted.ts'
import type { Io } from './io.ts'

/** Bytes. That of a build with a hundred steps is some 200 kB. */
const largestRecord = 16 * 1024 * 1024

/** Of `--build`. @throws VerifierError when the file cannot be read or holds no build; null without one. */
export async function buildOption(file: string | undefined, { cwd }: Io): Promise<BuildRecord | null> {
  if (file === undefined) return null
  const fail = (problem: string, options?: ErrorOptions) =>
    new VerifierError('record-unreadable', `cannot read a build from ${quoted(file)}: ${problem}`, options)
  const path = resolve(cwd, file)
  try {
    const stats = await stat(path)
    if (!stats.isFile()) throw fail('it is no file; make one with gcloud builds describe ID --format=json')
    if (stats.size > largestRecord) throw fail(`it is larger than ${largestRecord / 1024 / 1024} MiB, as no build is`)
    return readBuild(await readFile(path), file)
  } catch (error) {
    if (error instanceof VerifierError) throw error
    throw fail(`${(error as NodeJS.ErrnoException).code}; name a file that can be read`, { cause: error })
  }
}
