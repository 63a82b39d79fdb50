import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { execa } from 'execa'
import { type StorageObject, urlOf } from '../model/build-record.ts'
import type { Environment } from '../model/environment.ts'
import { VerifierError } from '../model/errors.ts'
import { quoted } from '../model/quoted.ts'

/**
 * Reads `gs://bucket/object#generation`, the generation as one likes.
 *
 * @throws VerifierError when it names no single object: gcloud would take `*`, `?` and `[` for patterns.
 */
export function parseStorageUrl(url: string): StorageObject {
  const [, bucket, object, generation = null] =
    /^gs:\/\/([a-z0-9][a-z0-9._-]{1,220}[a-z0-9])\/([^*?[\]\p{Cc}#]*[^*?[\]\p{Cc}/#])(?:#(\d{1,20}))?$/u.exec(url) ?? []
  if (bucket !== undefined && object !== undefined) return { bucket, object, generation }
  throw new VerifierError(
    'bad-usage',
    `${quoted(url)} is no object in Cloud Storage: write gs://bucket/object or gs://bucket/object#generation`,
  )
}

/** How an object is fetched. */
export interface Fetching {
  /** The gcloud to run, an absolute path. */
  readonly program: string
  readonly environment: Environment
  readonly signal: AbortSignal
}

/**
 * Fetches an object as it lies there into `file`, with gcloud and whomever it is logged in as.
 *
 * @throws VerifierError when gcloud cannot be run, fails, or writes nothing; the signal's reason when that was given.
 */
export async function fetchObject(
  object: StorageObject,
  file: string,
  { program, environment, signal }: Fetching,
): Promise<void> {
  const url = urlOf(object)
  const args = ['storage', 'cp', '--do-not-decompress', '--quiet', url, file]
  const { failed, code, stderr } = await execa(program, args, {
    // Not in the current folder, where Windows would look first for the Python that gcloud starts.
    cwd: dirname(program),
    env: environment,
    extendEnv: false,
    stdin: 'ignore',
    stdout: 'ignore',
    cancelSignal: signal,
    // Sooner than a run that is given up ends.
    forceKillAfterDelay: 500,
    reject: false,
  })
  signal.throwIfAborted()
  if (failed && code !== undefined) throw failure(`cannot start ${quoted(program)} (${code}) to fetch ${quoted(url)}`)
  if (failed) throw failure(`gcloud cannot fetch ${quoted(url)}: ${lastWords(stderr)}`)
  if (await isFile(file)) return
  throw failure(`gcloud says that it fetched ${quoted(url)}, and wrote no file`)
}

function failure(problem: string): VerifierError {
  return new VerifierError(
    'gcloud-failed',
    `${problem}; try gcloud storage cp yourself, and pass the file as --upload FILE`,
  )
}

function lastWords(stderr: string): string {
  const lines = stderr.split('\n').filter(line => line.trim() !== '')
  const said = lines.filter(line => line.startsWith('ERROR')).at(-1) ?? lines.at(-1)
  return said === undefined ? 'it does not say why' : quoted(said.slice(0, 400))
}

async function isFile(file: string): Promise<boolean> {
  const stats = await stat(file).catch(() => null)
  return stats?.isFile() === true
}
