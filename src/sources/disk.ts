import { closeSync, constants, lstatSync, openSync, readSync, type Stats } from 'node:fs'
import { open, readlink } from 'node:fs/promises'
import { sep } from 'node:path'
import { VerifierError } from '../model/errors.ts'
import { bytesOfName, type Path, parentPath } from '../model/path.ts'
import { quoted } from '../model/quoted.ts'
import type { EntryKind } from '../model/source.ts'

/** A path below a folder of this machine. */
export interface LocalPath {
  /** The folder, absolute. */
  readonly folder: string
  readonly path: Path
}

/**
 * What the system calls it: a string, or bytes for names that are no text. Null where the system cannot have such a name,
 * as one with `\` on Windows, where it would be another path.
 */
export function systemName({ folder, path }: LocalPath): string | Buffer | null {
  if (path.includes('\0') || (sep === '\\' && /[\\:]/.test(path))) return null
  const name = path === '' ? folder : `${folder}/${path}`
  return path.isWellFormed() ? name : bytesOfName(name)
}

/**
 * What is there, without following a symbolic link at the end of the path; null when there is nothing. Asked at once: to wait
 * for the answer takes longer than the answer, for each of many thousand files.
 *
 * @throws VerifierError when it cannot be looked at.
 */
export function look(place: LocalPath): Stats | null {
  const name = systemName(place)
  if (name === null) return null
  try {
    return lstatSync(name)
  } catch (error) {
    if (isAbsence(error)) return null
    throw unreadable(place, error)
  }
}

/** Tells whether every directory above a path is one itself, no symbolic link to one. Remembers what it has seen. */
export function realParents(folder: string): (path: Path) => boolean {
  const known = new Map<Path, boolean>()
  function isReal(directory: Path): boolean {
    return parentIsReal(directory) && look({ folder, path: directory })?.isDirectory() === true
  }
  function parentIsReal(path: Path): boolean {
    const parent = parentPath(path)
    if (parent === '') return true
    const answer = known.get(parent) ?? isReal(parent)
    known.set(parent, answer)
    return answer
  }
  return parentIsReal
}

/** What `look` has found there, as a source has it. */
export async function entryKind(place: LocalPath, stats: Stats): Promise<EntryKind> {
  if (stats.isFile()) return { kind: 'file', size: stats.size, blobId: null, body: () => fileBytes(place, stats.size) }
  if (stats.isDirectory()) return { kind: 'directory' }
  if (!stats.isSymbolicLink()) return { kind: 'special' }
  try {
    return { kind: 'symlink', target: await readlink(systemName(place)!, 'buffer') }
  } catch (error) {
    throw isAbsence(error) ? changed(place, error) : unreadable(place, error)
  }
}

/** A file was there when it was listed, and is not, or not as it was. */
export function changed({ path }: LocalPath, cause?: unknown): VerifierError {
  return new VerifierError(
    'source-changed',
    `${quoted(path)} changed while it was looked at: let it rest and try again`,
    {
      cause,
    },
  )
}

/** Something is there that this user cannot read. */
export function unreadable({ path }: LocalPath, error: unknown): VerifierError {
  const reason = error instanceof Error && 'code' in error ? error.code : error
  return new VerifierError(
    'file-unreadable',
    `cannot read ${quoted(path)}: ${reason}; make it readable, or remove it`,
    {
      cause: error,
    },
  )
}

const absences: ReadonlySet<unknown> = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'])

/** Nothing is there: not the file, or not a directory above it, or no system could have such a name. */
export function isAbsence(error: unknown): boolean {
  return error instanceof Error && 'code' in error && absences.has(error.code)
}

// Never waiting for a FIFO that took the file's place. Windows does not know the flag.
const openFlags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)
const noLinks = constants.O_NOFOLLOW ?? 0

const chunkSize = 256 * 1024

/** Bytes. To wait for each step of reading a smaller file takes longer than the reading. */
const smallFile = 64 * 1024

/**
 * The bytes of a file that had `size` of them when it was looked at. A symbolic link at the end of the path is followed only
 * on demand: else one has taken the file's place.
 *
 * @throws VerifierError when it cannot be read, or is not what it was.
 */
export async function* fileBytes(
  place: LocalPath,
  size: number,
  link: 'refused' | 'followed' = 'refused',
): AsyncGenerator<Uint8Array> {
  const flags = openFlags | (link === 'refused' ? noLinks : 0)
  if (size <= smallFile) return yield* smallFileBytes(place, size, flags)
  const handle = await open(systemName(place)!, flags).catch(error => {
    throw openFailure(place, error)
  })
  try {
    for (let left = size; ; ) {
      // One byte more than is expected, so that the read that gives the last of them also tells the end.
      const buffer = Buffer.allocUnsafe(Math.min(left + 1, chunkSize))
      const { bytesRead } = await handle.read(buffer, 0, buffer.length).catch(error => {
        throw unreadable(place, error)
      })
      if (bytesRead > left || (bytesRead === 0 && left > 0)) throw changed(place)
      left -= bytesRead
      if (bytesRead > 0) yield buffer.subarray(0, bytesRead)
      if (left === 0 && bytesRead < buffer.length) return
    }
  } finally {
    await handle.close()
  }
}

function* smallFileBytes(place: LocalPath, size: number, flags: number): Generator<Uint8Array> {
  const file = openedNow(place, flags)
  // One byte more than is expected, to see that nothing follows.
  const buffer = Buffer.allocUnsafe(size + 1)
  let read = 0
  try {
    for (let more = 1; more > 0 && read <= size; read += more)
      more = readSync(file, buffer, read, size + 1 - read, null)
  } catch (error) {
    throw unreadable(place, error)
  } finally {
    closeSync(file)
  }
  if (read !== size) throw changed(place)
  if (size > 0) yield buffer.subarray(0, size)
}

function openedNow(place: LocalPath, flags: number): number {
  try {
    return openSync(systemName(place)!, flags)
  } catch (error) {
    throw openFailure(place, error)
  }
}

function openFailure(place: LocalPath, error: unknown): VerifierError {
  const isGone = isAbsence(error) || (error as NodeJS.ErrnoException).code === 'ELOOP'
  return isGone ? changed(place, error) : unreadable(place, error)
}
