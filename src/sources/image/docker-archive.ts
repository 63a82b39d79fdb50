import type { ImageSource } from '../../model/source.ts'
import { defaultLimits } from '../archive/archive-limits.ts'
import { fileBytes } from '../archive/file-bytes.ts'
import { failureOfImage } from '../failure.ts'
import { isPacked, unpackedWithin } from './image-compression.ts'
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
  const stored = () => fileBytes(file, fail)
  // Of what is not packed, the layers are passed over until they are asked for.
  const bytes = (await isPacked(stored(), fail)) ? () => unpackedWithin(stored(), limits, fail) : stored
  if (await isRootFilesystem(bytes(), fail)) return rootFilesystem(bytes, name, { limits, fail })
  return savedImage(tarMedium(bytes, fail), { name, platform, limits })
}
