import { dirname } from 'node:path'
import { execa } from 'execa'
import type { Environment } from '../model/environment.ts'
import { VerifierError } from '../model/errors.ts'
import { quoted } from '../model/quoted.ts'

/** How gcloud is run. */
export interface Gcloud {
  /** An absolute path. */
  readonly program: string
  readonly environment: Environment
  readonly signal: AbortSignal
}

/** Bytes. More is no record that is read here. */
const largestOutput = 64 * 1024 * 1024

/**
 * What gcloud prints, as whomever it is logged in as.
 *
 * @param subject what it is to do, for a message: `fetch "gs://…"`.
 * @throws VerifierError when it cannot be run or fails, in its own words; the signal's reason when that was given.
 */
export async function runGcloud(
  args: readonly string[],
  { program, environment, signal }: Gcloud,
  { subject, advice }: { readonly subject: string; readonly advice: string },
): Promise<Buffer> {
  const { failed, code, stdout, stderr, isMaxBuffer } = await execa(program, args, {
    // Not in the current folder, where Windows would look first for the Python that gcloud starts.
    cwd: dirname(program),
    env: environment,
    extendEnv: false,
    encoding: 'buffer',
    stdin: 'ignore',
    maxBuffer: largestOutput,
    cancelSignal: signal,
    // Sooner than a run that is given up ends.
    forceKillAfterDelay: 500,
    reject: false,
  })
  signal.throwIfAborted()
  const failure = (problem: string) => new VerifierError('gcloud-failed', `${problem}; ${advice}`)
  if (isMaxBuffer) throw failure(`gcloud prints more than ${largestOutput / 1024 / 1024} MiB to ${subject}`)
  if (failed && code !== undefined) throw failure(`cannot start ${quoted(program)} (${code}) to ${subject}`)
  if (failed) throw failure(`gcloud cannot ${subject}: ${lastWords(Buffer.from(stderr).toString('utf8'))}`)
  return Buffer.from(stdout)
}

function lastWords(stderr: string): string {
  const lines = stderr.split('\n').filter(line => line.trim() !== '')
  const said = lines.filter(line => line.startsWith('ERROR')).at(-1) ?? lines.at(-1)
  return said === undefined ? 'it does not say why' : quoted(said.slice(0, 400))
}
