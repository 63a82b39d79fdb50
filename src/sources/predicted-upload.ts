import { readdir, stat } from 'node:fs/promises'
import { VerifierError } from '../model/errors.ts'
import { joinPath, type Path, relativePath, rootPath, textOfName } from '../model/path.ts'
import { quoted } from '../model/quoted.ts'
import type { Entry, Source } from '../model/source.ts'
import { inBatches } from './batches.ts'
import { changed, entryKind, isAbsence, type LocalPath, look, realParents, systemName, unreadable } from './disk.ts'
import { droppingRule, type IgnoreRule, lastMatch } from './gcloudignore.ts'
import type { Repository } from './repository.ts'
import type { UploadRules } from './upload-rules.ts'

/**
 * What `gcloud builds submit` would put into the archive of `directory`, from the disk as it is: everything that the rules
 * do not drop, empty directories too. Symbolic links are not followed, sockets are left out, and a directory below it that
 * cannot be read counts as empty, all as gcloud does. Paths are those of the repository.
 *
 * @throws VerifierError when the repository is bare, and from `entries()` when `directory` is no readable directory of it or
 *   the disk changes meanwhile.
 */
export function predictedUpload(repository: Repository, directory: Path, { rules }: UploadRules): Source {
  if (repository.bare) {
    throw new VerifierError(
      'git-failed',
      `${quoted(repository.directory)} is a bare repository: there is no working tree to upload`,
    )
  }
  const upload = { folder: repository.directory, directory, rules }
  return {
    stage: { name: 'upload', place: 'upload', kind: 'predicted-upload', reference: null },
    async *entries(only) {
      await assertDirectory(upload)
      yield* only === undefined ? walk(upload) : pick(upload, only)
    },
  }
}

interface Upload {
  readonly folder: string
  readonly directory: Path
  readonly rules: readonly IgnoreRule[]
}

async function assertDirectory({ folder, directory }: Upload): Promise<void> {
  const isThere = await realParents(folder)(joinPath(directory, 'any'))
  if (isThere) return
  throw new VerifierError(
    'file-unreadable',
    `${quoted(directory)} is no directory of the working tree, or is reached through a symbolic link: name another to upload`,
  )
}

async function* walk(upload: Upload): AsyncGenerator<Entry> {
  const pending = [rootPath]
  for (let parent = pending.pop(); parent !== undefined; parent = pending.pop()) {
    for await (const batch of inBatches(await namesIn(upload, parent))) {
      const paths = batch.map(name => joinPath(parent, name))
      // Nothing above is dropped, or the walk would not be here.
      const entries = await Promise.all(paths.map(path => entryOf(upload, path, dropsItself)))
      for (const [index, entry] of entries.entries()) {
        const path = paths[index]!
        if (entry === 'absent') throw changed({ folder: upload.folder, path: joinPath(upload.directory, path) })
        if (entry === 'dropped') continue
        if (entry.kind === 'directory') pending.push(path)
        yield entry
      }
    }
  }
}

async function* pick(upload: Upload, only: ReadonlySet<Path>): AsyncGenerator<Entry> {
  const hasRealParents = realParents(upload.folder)
  for (const path of only) {
    const relative = relativePath(upload.directory, path)
    if (relative === null || relative === '' || !(await hasRealParents(path))) continue
    const entry = await entryOf(upload, relative, (rules, ...args) => droppingRule(rules, ...args) !== null)
    if (typeof entry !== 'string') yield entry
  }
}

/** `path` is relative to the upload directory. */
async function entryOf(
  { folder, directory, rules }: Upload,
  path: Path,
  drops: (rules: readonly IgnoreRule[], path: Path, isDirectory: boolean) => boolean,
): Promise<Entry | 'absent' | 'dropped'> {
  const place = { folder, path: joinPath(directory, path) }
  const stats = await look(place)
  if (stats === null) return 'absent'
  const isDirectory = stats.isDirectory() || (stats.isSymbolicLink() && (await leadsToDirectory(place)))
  if (stats.isSocket() || drops(rules, path, isDirectory)) return 'dropped'
  return { path: place.path, layer: 0, ...(await entryKind(place, stats)) }
}

function dropsItself(rules: readonly IgnoreRule[], path: Path, isDirectory: boolean): boolean {
  return lastMatch(rules, path, isDirectory)?.negated === false
}

/** A link that leads nowhere, or where nobody may look, leads to no directory. */
async function leadsToDirectory(place: LocalPath): Promise<boolean> {
  return stat(systemName(place)!).then(
    stats => stats.isDirectory(),
    () => false,
  )
}

/** `parent` is relative to the upload directory. */
async function namesIn({ folder, directory }: Upload, parent: Path): Promise<string[]> {
  const place = { folder, path: joinPath(directory, parent) }
  try {
    return (await readdir(systemName(place)!, 'buffer')).map(textOfName)
  } catch (error) {
    if (isAbsence(error)) throw changed(place, error)
    if (parent === rootPath) throw unreadable(place, error)
    return []
  }
}
