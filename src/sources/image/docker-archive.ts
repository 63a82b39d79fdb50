import { createReadStream } from 'node:fs'
import type { ImageSource } from '../../model/source.ts'
import { defaultLimits } from '../archive/archive-limits.ts'
import { asFailure, type Fail, failureOfImage } from '../failure.ts'
import { unpackedWithin } from './image-compression.ts'
import { type ImageOptions, savedImage, tarMedium } from './image-saved.ts'
import { isRootFilesystem, rootFilesystem } from './root-filesystem.ts'

/**
 * An image in a file: a tar as `docker save`, podman, skopeo or BuildKit write it, in the legacy or the OCI layout, or a root
 * filesystem as `docker export` writes it; compressed with gzip, with zstd or not.
 *
 * @param name of the stage.
 * @param title what messages call the file.
 * @throws VerifierError when it cannot be read to its end, is no image or holds several.
 */
export async function dockerArchive(
  file: string,
  name: string,
  title = file,
  { platform = null, limits = defaultLimits }: ImageOptions = {},
): Promise<ImageSource> {
  const fail = failureOfImage(title)
  const bytes = () => unpackedWithin(bytesOf(file, fail), limits, fail)
  if (await isRootFilesystem(bytes(), fail)) return rootFilesystem(bytes, name, { limits, fail })
  return savedImage(tarMedium(bytes, fail), { name, platform, limits })
}

async function* bytesOf(file: string, fail: Fail): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(file, { highWaterMark: 256 * 1024 })
  } catch (error) {
    throw asFailure(error, fail, (error as Error).message)
  }
}
