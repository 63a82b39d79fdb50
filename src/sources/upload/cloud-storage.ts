import { stat } from 'node:fs/promises'
import { type StorageObject, urlOf } from '../../model/build-record.ts'
import { VerifierError } from '../../model/errors.ts'
import { quoted } from '../../model/quoted.ts'
import { type Gcloud, runGcloud } from '../gcloud-process.ts'

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

/**
 * Fetches an object as it lies there into `file`, with gcloud and whomever it is logged in as.
 *
 * @throws VerifierError when gcloud cannot be run, fails, or writes nothing; the signal's reason when that was given.
 */
export async function fetchObject(object: StorageObject, file: string, gcloud: Gcloud): Promise<void> {
  const url = urlOf(object)
  const advice = 'try gcloud storage cp yourself, and pass the file as --upload FILE'
  await runGcloud(fetchArguments(object, file), gcloud, { subject: `fetch ${quoted(url)}`, advice })
  if (await isFile(file)) return
  throw new VerifierError('gcloud-failed', `gcloud says that it fetched ${quoted(url)}, and wrote no file; ${advice}`)
}

/** What gcloud is told for that. */
export function fetchArguments(object: StorageObject, file: string): readonly string[] {
  return ['storage', 'cp', '--do-not-decompress', '--quiet', urlOf(object), file]
}

async function isFile(file: string): Promise<boolean> {
  const stats = await stat(file).catch(() => null)
  return stats?.isFile() === true
}
