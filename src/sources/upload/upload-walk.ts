import type { Stats } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { VerifierError } from '../../model/errors.ts'
import { joinPath, type Path, relativePath, rootPath, textOfName } from '../../model/path.ts'
import { quoted } from '../../model/quoted.ts'
import type { Staying, UploadCommand } from '../../model/upload.ts'
import { changed, isAbsence, type LocalPath, look, realParents, systemName, unreadable } from '../disk.ts'
import type { Repository } from '../git/repository.ts'
import { droppingRule, type IgnoreRule, lastMatch } from './gcloudignore.ts'
import { placeOf, type UploadRules } from './upload-rules.ts'

/** What a prediction rests on. */
export interface Upload {
  readonly folder: string
  /** Of the working tree at `folder`. */
  readonly directory: Path
  readonly rules: readonly IgnoreRule[]
  readonly command: UploadCommand
  readonly workingDirectory: string | null
}

export interface Prediction {
  /** `builds-submit` when nobody says. */
  readonly command?: UploadCommand
  /** Where gcloud will be started; it leaves broken links out only if that is the upload directory. */
  readonly workingDirectory?: string
}

/** Something in the upload directory. */
export interface Visit {
  /** Relative to the upload directory. */
  readonly path: Path
  /** Of itself, a symbolic link not followed. */
  readonly stats: Stats
  /** Of what it leads to: for all but symbolic links, itself. Null for a link that leads nowhere. */
  readonly target: Stats | null
  /** Why it does not go up; null when it does. */
  readonly stays: Staying | null
}

/** @throws VerifierError when the repository is bare. */
export function uploadOf(
  repository: Repository,
  directory: Path,
  { rules }: UploadRules,
  { command = 'builds-submit', workingDirectory }: Prediction = {},
): Upload {
  const folder = repository.directory
  if (!repository.bare) return { folder, directory, rules, command, workingDirectory: workingDirectory ?? null }
  throw new VerifierError('git-failed', `${quoted(folder)} is a bare repository: there is no working tree to upload`)
}

/** Where something of the upload lies; `path` is relative to the upload directory. */
export function placeIn({ folder, directory }: Upload, path: Path): LocalPath {
  return { folder, path: joinPath(directory, path) }
}

/**
 * All that the upload directory holds, in the order in which gcloud goes about it: what a directory holds, by name, then what
 * is below its first directory. A directory that stays is not looked into, nor is what a symbolic link leads to; one that
 * cannot be read counts as empty.
 *
 * @throws VerifierError when there is no such directory, or the disk changes meanwhile.
 */
export async function* walkUpload(upload: Upload): AsyncGenerator<Visit> {
  assertDirectory(upload)
  const leavesBroken = await leavesBrokenLinks(upload)
  const pending = [rootPath]
  for (let parent = pending.pop(); parent !== undefined; parent = pending.pop()) {
    const below: Path[] = []
    for (const name of await namesIn(upload, parent)) {
      const path = joinPath(parent, name)
      // Nothing above is dropped, or the walk would not be here.
      const found = await visit(upload, path, { leavesBroken, rule: ownRule })
      if (found === null) throw changed(placeIn(upload, path))
      if (found.stats.isDirectory() && found.stays === null) below.push(path)
      yield found
    }
    pending.push(...below.reverse())
  }
}

/** Those of `paths`, as from the repository, that are there; what stands behind a symbolic link is not. */
export async function* pickFromUpload(upload: Upload, paths: ReadonlySet<Path>): AsyncGenerator<Visit> {
  assertDirectory(upload)
  const leavesBroken = await leavesBrokenLinks(upload)
  const hasRealParents = realParents(upload.folder)
  for (const path of paths) {
    const relative = relativePath(upload.directory, path)
    if (relative === null || relative === '' || !hasRealParents(path)) continue
    const found = await visit(upload, relative, { leavesBroken, rule: droppingRule })
    if (found !== null) yield found
  }
}

interface Judging {
  readonly leavesBroken: boolean
  readonly rule: typeof droppingRule
}

/** Null when nothing is there. */
async function visit(upload: Upload, path: Path, { leavesBroken, rule }: Judging): Promise<Visit | null> {
  const place = placeIn(upload, path)
  const stats = look(place)
  if (stats === null) return null
  // As for Python's os.path.exists, a link leads nowhere also where nobody may look.
  const target = stats.isSymbolicLink() ? await stat(systemName(place)!).catch(() => null) : stats
  const staying = (): Staying | null => {
    if (target === null && leavesBroken) return { kind: 'broken-link' }
    if (isLost(upload, stats, target)) return { kind: 'directory-link' }
    const dropping = rule(upload.rules, path, target?.isDirectory() === true)
    if (dropping !== null) return { kind: 'rule', rule: placeOf(dropping) }
    return stats.isSocket() && upload.command === 'builds-submit' ? { kind: 'socket' } : null
  }
  return { path, stats, target, stays: staying() }
}

/** Python's os.walk does not go through links, and `functions deploy` packs what it comes to. */
function isLost({ command }: Upload, stats: Stats, target: Stats | null): boolean {
  return command === 'functions-deploy' && stats.isSymbolicLink() && target?.isDirectory() === true
}

function ownRule(rules: readonly IgnoreRule[], path: Path, isDirectory: boolean): IgnoreRule | null {
  const rule = lastMatch(rules, path, isDirectory)
  return rule === null || rule.negated ? null : rule
}

function assertDirectory(upload: Upload): void {
  const isThere = realParents(upload.folder)(joinPath(upload.directory, 'any'))
  if (isThere) return
  throw new VerifierError(
    'file-unreadable',
    `${quoted(upload.directory)} is no directory of the working tree, or is reached through a symbolic link: name another to upload`,
  )
}

/** Whether broken links are left out: where gcloud is started in the directory that it uploads, and by `functions deploy`. */
async function leavesBrokenLinks(upload: Upload): Promise<boolean> {
  if (upload.command === 'functions-deploy') return true
  if (upload.workingDirectory === null) return false
  const top = systemName(placeIn(upload, rootPath))!
  const places = await Promise.all([realpath(upload.workingDirectory), realpath(top)]).catch(() => null)
  return places !== null && places[0] === places[1]
}

/** Bytewise; gcloud takes them as they come. */
async function namesIn(upload: Upload, parent: Path): Promise<string[]> {
  const place = placeIn(upload, parent)
  try {
    const names = await readdir(systemName(place)!, 'buffer')
    return names.sort(Buffer.compare).map(textOfName)
  } catch (error) {
    if (isAbsence(error)) throw changed(place, error)
    if (parent === rootPath) throw unreadable(place, error)
    return []
  }
}
