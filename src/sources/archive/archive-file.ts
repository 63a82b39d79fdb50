import { createHash, getFips } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { VerifierError } from '../../model/errors.ts'
import { quoted } from '../../model/quoted.ts'
import { asFailure, type Fail } from '../failure.ts'
import { parseTarHeader } from './tar-header.ts'

type ArchiveFormat = 'tar' | 'gzip' | 'zip'

/** An archive on disk, as it was when it was opened. */
export interface ArchiveFile {
  readonly name: string
  readonly fail: Fail
  readonly format: ArchiveFormat
  /** Bytes. */
  readonly size: number
  /** How many bytes there are up to the last one that is not zero. */
  readonly paddingStart: number
  /** Of the file, in hex. */
  readonly sha256: string
  /** Of the file, in hex; null where Node is kept from computing it (FIPS). */
  readonly md5: string | null
  readonly modified: number
}

/**
 * Reads a whole file once, and tells by its first bytes what it is.
 *
 * @throws what `fail` makes, when it is missing, no file, empty or no archive.
 */
export async function openArchiveFile(name: string, fail: Fail): Promise<ArchiveFile> {
  const stats = await stat(name).catch(cause => {
    throw fail(cause.code === 'ENOENT' ? 'there is no such file; name another' : `${cause.code}; make it readable`, {
      cause,
    })
  })
  if (!stats.isFile()) throw fail('it is no file; name a .tgz, .tar.gz, .tar or .zip')
  if (stats.size === 0) throw fail('it is empty; download or make it again')
  const sha256 = createHash('sha256')
  const md5 = getFips() === 1 ? null : createHash('md5')
  const start: Uint8Array[] = []
  let size = 0
  let paddingStart = 0
  for await (const chunk of fileChunks(name, fail)) {
    sha256.update(chunk)
    md5?.update(chunk)
    if (size < 512) start.push(chunk)
    const last = chunk.findLastIndex(byte => byte !== 0)
    if (last >= 0) paddingStart = size + last + 1
    size += chunk.length
  }
  const format = formatOf(Buffer.concat(start).subarray(0, 512))
  if (format === null) throw fail('it is neither tar, nor gzip, nor zip; name a .tgz, .tar.gz, .tar or .zip')
  const digests = { sha256: sha256.digest('hex'), md5: md5?.digest('hex') ?? null }
  return { name, fail, format, size, paddingStart, ...digests, modified: stats.mtimeMs }
}

/** @throws VerifierError when the file is not any more what it was when it was opened. */
export async function assertUnchanged({ name, size, modified }: ArchiveFile): Promise<void> {
  const stats = await stat(name).catch(() => null)
  if (stats !== null && stats.size === size && stats.mtimeMs === modified) return
  throw new VerifierError(
    'source-changed',
    `the archive ${quoted(name)} changed while it was read: try again when it is whole`,
  )
}

/** The tar in a `.tar` or `.tgz`. */
export function tarBytes(file: ArchiveFile): AsyncGenerator<Uint8Array> {
  return file.format === 'gzip' ? gunzipped(file) : fileChunks(file.name, file.fail)
}

async function* fileChunks(name: string, fail: Fail): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(name, { highWaterMark: 256 * 1024 })
  } catch (error) {
    throw asFailure(error, fail, 'it cannot be read; see to its permissions and the disk')
  }
}

async function* gunzipped({ name, fail, paddingStart }: ArchiveFile): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: 256 * 1024 })
  // Errors of either come out of the loop below: the pipeline destroys `gunzip` with them.
  pipeline(createReadStream(name), gunzip, () => {})
  try {
    yield* gunzip
  } catch (error) {
    throw asFailure(error, fail, 'its gzip data is cut off or damaged; download or make it again')
  }
  // zlib leaves zeros behind the data alone, and whatever may follow them.
  if (gunzip.bytesWritten < paddingStart) throw fail('something follows its gzip data; download or make it again')
}

function formatOf(start: Buffer): ArchiveFormat | null {
  const magic = start.toString('latin1', 0, 4)
  if (magic.startsWith('\x1f\x8b')) return 'gzip'
  if (magic === 'PK\x03\x04' || magic === 'PK\x05\x06') return 'zip'
  return isTarStart(start) ? 'tar' : null
}

/** A header, or the zeros of a tar that holds nothing. */
function isTarStart(start: Buffer): boolean {
  return start.length === 512 && (start.every(byte => byte === 0) || parseTarHeader(start) !== null)
}
