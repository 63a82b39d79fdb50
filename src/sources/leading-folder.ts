import { type Path, parsePath, rootPath } from '../model/path.ts'
import { ByteReader } from './byte-reader.ts'
import type { TarEntry } from './tar.ts'
import { parseTarHeader } from './tar-header.ts'

/**
 * Whether a tar was made by `git archive`, as those that forges offer are: it begins with a PAX header for all of it, which
 * carries the commit. gcloud never writes one.
 */
export async function isGitArchive(tar: AsyncIterable<Uint8Array>): Promise<boolean> {
  await using reader = new ByteReader(tar)
  const block = await reader.take(512)
  return block.length === 512 && parseTarHeader(block)?.type === 'g'
}

/**
 * The one folder that holds all members; the root when there is none. Reads to the end. Whether the folder is that of the
 * forge or the only one of the repository, nothing in the tar tells.
 */
export async function commonFolder(members: AsyncIterable<TarEntry>): Promise<Path> {
  let folder: Path | null = null
  let isCommon = true
  for await (const { name, kind } of members) {
    const [first = '', ...rest] = parsePath(name)?.split('/') ?? []
    folder ??= first as Path
    isCommon &&= first === folder && (rest.length > 0 || kind === 'directory')
  }
  return isCommon && folder !== null ? folder : rootPath
}
