import { createReadStream } from 'node:fs'
import type { ImageSource, Platform } from '../model/source.ts'
import { asFailure, type Fail, failureOfImage } from './failure.ts'
import { unpacked } from './image-compression.ts'
import { savedImage, tarMedium } from './image-saved.ts'
import { isRootFilesystem, rootFilesystem } from './root-filesystem.ts'

/**
 * An image in a file: a tar as `docker save`, podman, skopeo or BuildKit write it, in the legacy or the OCI layout, or a root
 * filesystem as `docker export` writes it; compressed with gzip, with zstd or not.
 *
 * @param name of the stage.
 * @param title what messages call the file.
 * @param platform which of several images is meant; null for the host's.
 * @throws VerifierError when it cannot be read to its end, is no image or holds several.
 */
export async function dockerArchive(
  file: string,
  name: string,
  title = file,
  platform: Platform | null = null,
): Promise<ImageSource> {
  const fail = failureOfImage(title)
  const bytes = () => unpacked(bytesOf(file, fail), fail)
  if (await isRootFilesystem(bytes(), fail)) return rootFilesystem(bytes, name, fail)
  return savedImage(tarMedium(bytes, fail), { name, platform })
}

async function* bytesOf(file: string, fail: Fail): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(file, { highWaterMark: 256 * 1024 })
  } catch (error) {
    throw asFailure(error, fail, (error as Error).message)
  }
}
