import type { Dirent } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { type Path, parsePath } from '../../model/path.ts'
import type { ImageSource } from '../../model/source.ts'
import { defaultLimits } from '../archive/archive-limits.ts'
import { fileBytes, type LocalPath, look, systemName } from '../disk.ts'
import { excerpt, type Fail, failureOfImage } from '../failure.ts'
import { type ImageMedium, type ImageOptions, savedImage } from './image-saved.ts'
import { type SavedRecord, surveyImage } from './image-survey.ts'

const blobFolder = parsePath('blobs/sha256')!

/**
 * An image in a folder that is an OCI layout: https://github.com/opencontainers/image-spec/blob/main/image-layout.md
 * Only `index.json` and the blobs named by a digest are looked at, and no symbolic link is followed.
 *
 * @param folder absolute.
 * @param title what messages call the folder.
 * @throws VerifierError when it is no OCI layout, holds several images, or cannot be read.
 */
export function ociFolder(
  folder: string,
  name: string,
  title = folder,
  { platform = null, limits = defaultLimits }: ImageOptions = {},
): Promise<ImageSource> {
  return savedImage(folderMedium(folder, failureOfImage(title)), { name, platform, limits })
}

function folderMedium(folder: string, fail: Fail): ImageMedium {
  return {
    fail,
    survey: () => surveyImage(records(folder, fail), fail),
    async *files(wanted) {
      for await (const { path, body } of records(folder, fail)) if (wanted.has(path)) yield { path, body }
    },
  }
}

/** The files of the layout by their names, sorted: what a document names beside them is not there. */
async function* records(folder: string, fail: Fail): AsyncGenerator<SavedRecord & { readonly path: Path }> {
  const index = parsePath('index.json')!
  if (look({ folder, path: index }) === null) {
    throw fail('it is a folder without index.json: no OCI layout; name a docker save tar or an OCI layout')
  }
  for (const path of [index, ...(await blobs(folder, fail))]) {
    const place = { folder, path }
    const size = await sizeOf(place, fail)
    yield {
      kind: 'file',
      path,
      name: Buffer.from(path),
      linkName: Buffer.alloc(0),
      size,
      body: () => fileBytes(place, size),
    }
  }
}

async function blobs(folder: string, fail: Fail): Promise<Path[]> {
  for (const path of [parsePath('blobs')!, blobFolder]) {
    const found = look({ folder, path })
    if (found?.isSymbolicLink()) throw linkFailure(path, fail)
    if (!found?.isDirectory()) return []
  }
  const found: Dirent[] = await readdir(systemName({ folder, path: blobFolder })!, { withFileTypes: true }).catch(
    cause => {
      throw fail(`${blobFolder} cannot be read: ${cause.message}`, { cause })
    },
  )
  const names = found.map(({ name }) => name).filter(name => /^[0-9a-f]{64}$/.test(name))
  return names.sort().map(name => parsePath(`${blobFolder}/${name}`)!)
}

/** Bytes. */
async function sizeOf(place: LocalPath, fail: Fail): Promise<number> {
  const found = look(place)
  if (found?.isSymbolicLink()) throw linkFailure(place.path, fail)
  if (!found?.isFile()) throw fail(`${excerpt(place.path)} is no file; save the image again`)
  return found.size
}

function linkFailure(path: Path, fail: Fail) {
  return fail(`${excerpt(path)} is a symbolic link, and none is followed: copy the layout with its links resolved`)
}
