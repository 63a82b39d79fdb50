import { createHash, randomBytes } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { lstat, realpath, rename, rm } from 'node:fs/promises'
import { basename, dirname, relative, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { VerifierError } from '../../model/errors.ts'
import { type Path, rootPath, textOfName } from '../../model/path.ts'
import { quoted } from '../../model/quoted.ts'
import type { UploadCommand, WrittenUpload } from '../../model/upload.ts'
import { systemName } from '../disk.ts'
import { droppingRule } from './gcloudignore.ts'
import { packTgz } from './pack-tar.ts'
import type { Member } from './upload-members.ts'
import { placeIn, type Upload } from './upload-walk.ts'

/** Where an archive is to go. */
export interface Destination {
  /** Absolute. */
  readonly file: string
  /** As the user named it. */
  readonly named: string
  /** Whether what is there may be replaced. */
  readonly force: boolean
  readonly signal: AbortSignal
  /** What is removed should the process end meanwhile. */
  readonly leftovers: Set<string>
}

const endings: Readonly<Record<UploadCommand, readonly string[]>> = {
  'builds-submit': ['.tgz', '.tar.gz'],
  'run-deploy': ['.zip'],
  // Not in the way that gcloud does it.
  'functions-deploy': [],
  'app-deploy': [],
}

/** @throws VerifierError when the archive must not go there: by its ending, for what is there, or as it would go up itself. */
export async function assertDestination(upload: Upload, destination: Destination): Promise<void> {
  const { named } = destination
  const fitting = endings[upload.command]
  if (fitting.length === 0) throw refused(destination, `what ${upload.command} sends is listed only: see --list`)
  if (!fitting.some(ending => named.toLowerCase().endsWith(ending) && basename(named).length > ending.length)) {
    throw refused(
      destination,
      `gcloud tells archives by their ending: for ${upload.command} name it NAME${fitting.join(' or NAME')}`,
    )
  }
  await assertFree(destination)
  const path = await pathInUpload(upload, destination)
  if (path !== null && droppingRule(upload.rules, path, false) === null) {
    throw refused(destination, 'it would go up itself from there: put it elsewhere, or keep it out with .gcloudignore')
  }
}

/**
 * Writes the archive that gcloud would make of these members, beside its place first, so that the place never holds half of one.
 *
 * @throws VerifierError when it cannot be written, or a file is not what it was when it was listed; the signal's reason when
 *   that was given.
 */
export async function writeUpload(
  upload: Upload,
  members: readonly Member[],
  destination: Destination,
): Promise<WrittenUpload> {
  assertWritable(upload.command, members, destination)
  const ordered = [...members.filter(isFirst), ...members.filter(member => !isFirst(member))]
  const temporary = `${destination.file}.${randomBytes(6).toString('hex')}.part`
  destination.leftovers.add(temporary)
  try {
    const facts = await save(await packed(upload, ordered), temporary, destination)
    await assertFree(destination)
    await rename(temporary, destination.file).catch(cause => {
      throw refused(destination, `${cause.code}; see to its folder`, cause)
    })
    return { file: destination.named, entries: members.length, ...facts }
  } finally {
    await rm(temporary, { force: true })
    destination.leftovers.delete(temporary)
  }
}

/** gcloud puts directories first, and with them what leads to one. */
function isFirst({ target }: Member): boolean {
  return target?.isDirectory() === true
}

async function packed(upload: Upload, members: readonly Member[]): Promise<AsyncIterable<Uint8Array>> {
  if (upload.command === 'builds-submit') return packTgz(upload, members)
  // Loaded only when there is a zip to be made.
  const { packZip } = await import('./pack-zip.ts')
  return packZip(members)
}

async function save(
  bytes: AsyncIterable<Uint8Array>,
  temporary: string,
  destination: Destination,
): Promise<Pick<WrittenUpload, 'bytes' | 'sha256'>> {
  const { signal } = destination
  const sha256 = createHash('sha256')
  let size = 0
  async function* counted() {
    for await (const chunk of bytes) {
      sha256.update(chunk)
      size += chunk.length
      yield chunk
    }
  }
  await pipeline(counted, createWriteStream(temporary, { flags: 'wx' }), { signal }).catch(error => {
    signal.throwIfAborted()
    throw error instanceof VerifierError
      ? error
      : refused(destination, `${error.code ?? error}; see to its folder and the disk`, error)
  })
  return { bytes: size, sha256: sha256.digest('hex') }
}

/** What gcloud might do and this cannot. */
function assertWritable(command: UploadCommand, members: readonly Member[], destination: Destination): void {
  for (const { path, record, described } of members) {
    const isNamed = command === 'run-deploy' ? isZipName(path) : path.isWellFormed()
    const isFit = isNamed && (record.kind !== 'symlink' || textOfName(record.target).isWellFormed())
    const isDevice = record.kind === 'special' && !described.isFIFO()
    if (isFit && !isDevice) continue
    const problem = isDevice ? 'is a device' : 'has a name, or leads to one, of a kind'
    const wayOut = 'rename or remove it, or keep it out with .gcloudignore'
    throw refused(destination, `${quoted(path)} ${problem} that firstbreak does not write: ${wayOut}`)
  }
}

/** Whether the libraries write the name as it is: that for zips makes `/` of `\\`, and takes no drive. */
function isZipName(name: string): boolean {
  return name.isWellFormed() && !name.includes('\\') && !/^[a-z]:/i.test(name)
}

async function assertFree(destination: Destination): Promise<void> {
  const there = await lstat(destination.file).catch(() => null)
  if (there === null || (destination.force && !there.isDirectory())) return
  throw refused(
    destination,
    there.isDirectory() ? 'it is a folder: name a file' : 'it is there already: name another, or pass --force',
  )
}

/** Where it would lie in what goes up; null outside of that. */
async function pathInUpload(upload: Upload, destination: Destination): Promise<Path | null> {
  const folder = await realpath(dirname(destination.file)).catch(cause => {
    throw refused(destination, `${cause.code}: there is no folder to put it into`, cause)
  })
  const top = await realpath(systemName(placeIn(upload, rootPath))!)
  const parts = relative(top, folder).split(sep)
  if (parts[0] === '..' || parts[0]?.includes(':')) return null
  return [...parts, basename(destination.file)].filter(part => part !== '').join('/') as Path
}

function refused({ named }: Destination, problem: string, cause?: unknown): VerifierError {
  return new VerifierError('upload-unwritable', `cannot write ${quoted(named)}: ${problem}`, { cause })
}
