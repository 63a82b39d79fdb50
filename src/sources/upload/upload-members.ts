import type { Stats } from 'node:fs'
import { lstat } from 'node:fs/promises'
import type { Path } from '../../model/path.ts'
import type { EntryKind } from '../../model/source.ts'
import { entryKind, fileBytes, systemName } from '../disk.ts'
import { placeIn, type Upload, type Visit, walkUpload } from './upload-walk.ts'

/** A visit, with what stands for it in the archive. */
export interface Member extends Visit {
  /** The target of a hard link is a path of the repository. */
  readonly record: EntryKind
  /** What the archive has of it: of a symbolic link that is replaced by what it leads to, of that. */
  readonly described: Stats
}

/**
 * Everything that `walkUpload` finds. In a .tgz a file met again under another name becomes a hard link to the first;
 * elsewhere a symbolic link becomes the file it leads to or, if that is a directory, an empty one. What stays is told as it lies there.
 */
export async function* uploadMembers(upload: Upload): AsyncGenerator<Member> {
  const seen = new Map<string, Path>()
  for await (const visit of walkUpload(upload)) {
    const member = await memberOf(upload, visit)
    const isRepeatable = upload.command === 'builds-submit' && visit.stays === null
    const first = isRepeatable && visit.stats.isFile() ? await firstName(upload, visit, seen) : null
    yield first === null ? member : { ...member, record: { kind: 'hardlink', target: first } }
  }
}

/** By itself: a file with several names is a file. */
export async function memberOf(upload: Upload, visit: Visit): Promise<Member> {
  const { path, stats, target, stays } = visit
  const place = placeIn(upload, path)
  const isReplaced = stays === null && upload.command !== 'builds-submit' && stats.isSymbolicLink() && target !== null
  if (!isReplaced) return { ...visit, described: stats, record: await entryKind(place, stats) }
  const record: EntryKind = target.isFile()
    ? { kind: 'file', size: target.size, blobId: null, body: () => fileBytes(place, target.size, 'followed') }
    : { kind: target.isDirectory() ? 'directory' : 'special' }
  return { ...visit, described: target, record }
}

/** The path under which a file went up before; null for the first of its names, which is kept in `seen`. */
async function firstName(upload: Upload, { path, stats }: Visit, seen: Map<string, Path>): Promise<Path | null> {
  if (stats.nlink < 2) return null
  const place = placeIn(upload, path)
  // Numbers this large are rounded, and two files might seem to be one.
  const inode = Number.isSafeInteger(stats.ino)
    ? stats.ino
    : (await lstat(systemName(place)!, { bigint: true }).catch(() => ({ ino: path }))).ino
  const key = `${stats.dev}:${inode}`
  const known = seen.get(key)
  if (known === undefined) seen.set(key, place.path)
  return known ?? null
}
