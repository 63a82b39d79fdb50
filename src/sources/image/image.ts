import type { Stats } from 'node:fs'
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Environment } from '../../model/environment.ts'
import { VerifierError } from '../../model/errors.ts'
import { quoted } from '../../model/quoted.ts'
import type { ImageSource, Platform } from '../../model/source.ts'
import type { ArchiveLimits } from '../archive/archive-limits.ts'
import { type Fail, failureOfImage } from '../failure.ts'
import { dockerArchive } from './docker-archive.ts'
import { containerPrefix, dockerContainer } from './docker-container.ts'
import { dockerEngine } from './docker-engine.ts'
import { engineImage } from './engine-image.ts'
import { ociFolder } from './oci-folder.ts'

/** How an image is looked for. */
export interface ImageSearch {
  /** What its stage is called. */
  readonly name: string
  /** Where a relative path starts. */
  readonly directory: string
  /** Says where the engine is: see `dockerEngine`. */
  readonly environment: Environment
  /** Which of several images is meant; null for the host's. */
  readonly platform: Platform | null
  /** Of each of its layers. */
  readonly limits?: ArchiveLimits
  /** Where an engine holds it: leave its layers unread until they are asked for. Gives up what is read of its folders. */
  readonly folders?: { readonly signal: AbortSignal }
}

/**
 * An image by what a user calls it: a file made by `docker save` or an OCI layout where there is one, else what the container engine
 * holds under this reference, or the container of which it is `container:` and the name.
 *
 * @throws VerifierError when it is neither, or cannot be read.
 */
export async function image(
  reference: string,
  { name, directory, environment, folders, ...options }: ImageSearch,
): Promise<ImageSource> {
  if (reference.startsWith(containerPrefix)) {
    return dockerContainer(reference.slice(containerPrefix.length), name, environment, options)
  }
  const fail = failureOfImage(reference)
  const file = resolve(directory, reference)
  const found = reference === '' ? null : await statusOf(file, fail)
  if (found?.isDirectory()) return ociFolder(file, name, reference, options)
  if (found?.isFile()) return dockerArchive(file, name, reference, options)
  if (found !== null) throw fail('it is no regular file, and an image is read more than once: save it to a file')
  if (!isReference(reference)) throw fail('there is no such file')
  try {
    if (folders === undefined) return await dockerEngine(reference, name, environment, options)
    return await engineImage(reference, { name, environment, ...options, ...folders })
  } catch (error) {
    if (!(error instanceof VerifierError)) throw error
    throw new VerifierError(error.code, `there is no file ${quoted(reference)}, and ${error.message}`, { cause: error })
  }
}

/** Null when nothing is there, or nothing can be called so. */
async function statusOf(file: string, fail: Fail): Promise<Stats | null> {
  try {
    return await stat(file)
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    if (code === 'EACCES' || code === 'EPERM') throw fail(message, { cause })
    return null
  }
}

/** Whether an image can be called so; what cannot is a path. */
function isReference(text: string): boolean {
  return /^\w[\w.:@-]*(?:\/\w[\w.:@-]*)*$/.test(text)
}
