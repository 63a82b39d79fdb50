import { joinPath, type Path, parsePath, relativePath, rootPath, textOfName } from '../../model/path.ts'
import { quoted } from '../../model/quoted.ts'
import type { ArchiveSource, EntryKind } from '../../model/source.ts'
import { failureOfArchive } from './archive-failure.ts'
import { type ArchiveFile, assertUnchanged, openArchiveFile, tarBytes } from './archive-file.ts'
import { type ArchiveLimits, defaultLimits, type Meter, metered, startMeter } from './archive-limits.ts'
import { commitOfArchive } from './git-archive.ts'
import { leadingFolder } from './leading-folder.ts'
import { readTar, type TarEntry } from './tar.ts'

export interface ArchiveOptions {
  readonly limits?: ArchiveLimits
  /** Where it was fetched from, `gs://bucket/object#generation`. */
  readonly origin?: string
  /**
   * The paths of a commit, those of the repository; of another one where that is not at hand. They tell whether the one
   * folder that all of `git archive` may stand in is the forge's or the repository's own.
   */
  readonly pathsOfCommit?: (commit: string) => Promise<ReadonlySet<Path>>
}

/**
 * The files of a source archive, `.tgz`, `.tar` or `.zip` by its bytes and not its name, each below `directory`, which is
 * the part of the repository that was uploaded. The one folder that a forge puts all of `git archive` into is left out. A tar is whole with
 * its two zero blocks; whole blocks of the padding behind them may be missing.
 *
 * @throws VerifierError when it is no archive, and from `entries()` as well when it is cut off, damaged, encrypted, beyond
 *   the limits or leads out of itself; damage is found wherever it is, also in what nobody reads.
 */
export async function archive(file: string, directory: Path, options: ArchiveOptions = {}): Promise<ArchiveSource> {
  const { limits = defaultLimits, origin = null, pathsOfCommit } = options
  const opened = await openArchiveFile(file, failureOfArchive(origin ?? file))
  const { sha256, md5 } = opened
  const commit = await commitOfArchive(opened)
  const known = commit === null ? undefined : await pathsOfCommit?.(commit)
  const isOfCommit = (path: Path) => known?.has(joinPath(directory, path)) === true
  const folder = commit === null ? rootPath : await leadingFolder(members(opened, limits), isOfCommit)
  const pathOf = (name: Buffer) => joinPath(directory, pathInside(name, folder, opened))
  return {
    stage: { name: 'upload', place: 'upload', kind: 'archive', reference: referenceTo(sha256, origin) },
    archive: { sha256, md5, origin, commit },
    async *entries(only) {
      for await (const member of members(opened, limits)) {
        const path = pathOf(member.name)
        if (path === directory && member.kind !== 'directory') throw opened.fail('it holds a file without a name')
        if (path === directory || only?.has(path) === false) continue
        yield { path, layer: 0, ...kindOf(member, pathOf) }
      }
      await assertUnchanged(opened)
    },
  }
}

/** `gs://bucket/object#generation@sha256:…` for what was fetched. */
function referenceTo(sha256: string, origin: string | null): string {
  return origin === null ? `sha256:${sha256}` : `${origin}@sha256:${sha256}`
}

async function* members(file: ArchiveFile, limits: ArchiveLimits): AsyncGenerator<TarEntry> {
  const meter = startMeter(() => file.size, limits, file.fail)
  for await (const member of await unpack(file, meter)) {
    meter.countEntry()
    yield member
  }
}

async function unpack(file: ArchiveFile, meter: Meter): Promise<AsyncIterable<TarEntry>> {
  if (file.format !== 'zip')
    return readTar(metered(tarBytes(file), meter), { fail: file.fail, endMayBeMissing: false, endsThere: true })
  // Loaded only when there is a zip: that alone takes longer than reading most tars.
  const { zipMembers } = await import('./zip.ts')
  return zipMembers(file, meter)
}

/** Where a member, or what a hard link names, stands in what was uploaded. */
function pathInside(name: Buffer, folder: Path, { fail }: ArchiveFile): Path {
  const path = parsePath(name)
  if (path === null || name[0] === 0x2f) {
    throw fail(`its member ${quoted(textOfName(name))} leads out of it, as no upload does; look at what made it`)
  }
  return relativePath(folder, path) ?? path
}

function kindOf({ kind, size, body, linkName }: TarEntry, pathOf: (name: Buffer) => Path): EntryKind {
  switch (kind) {
    case 'file':
      return { kind, size, blobId: null, body }
    case 'symlink':
      return { kind, target: linkName }
    case 'hardlink':
      return { kind, target: pathOf(linkName) }
    default:
      return { kind }
  }
}
