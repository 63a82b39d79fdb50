import { buffer } from 'node:stream/consumers'
import { VerifierError } from '../model/errors.ts'
import { type Path, parentPath } from '../model/path.ts'
import type { Source } from '../model/source.ts'

/** Configuration that is larger than this is none. Bytes. */
const largestFile = 16 * 1024 * 1024

/** @throws VerifierError for a file, of so many bytes, that is too large to be read as a whole. */
export function assertConfigurationSize(path: Path, size: number): void {
  if (size > largestFile) throw new VerifierError('file-unreadable', `${path} is too large to be a configuration file`)
}

/** The bytes of one file of a source, for configuration files; null when there is no regular file of that path. */
export async function readFrom(source: Source, path: Path): Promise<Uint8Array | null> {
  let bytes: Uint8Array | null = null
  for await (const entry of source.entries(new Set([path]))) {
    if (entry.kind !== 'file' || entry.path !== path) continue
    assertConfigurationSize(path, entry.size)
    bytes = await buffer(entry.body())
  }
  return bytes
}

/** The paths of the regular files of a source that stand directly in a directory, in the source's order. */
export async function listFrom(source: Source, directory: Path): Promise<readonly Path[]> {
  const paths = new Set<Path>()
  for await (const { kind, path } of source.entries()) {
    if (kind === 'file' && parentPath(path) === directory) paths.add(path)
  }
  return [...paths]
}
