import { openAsBlob } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import {
  BlobReader,
  WARNING_MISMATCHED_CENTRAL_DIRECTORY_OFFSET,
  WARNING_MISMATCHED_ZIP64_END_OF_CENTRAL_DIRECTORY,
  WARNING_PREPENDED_DATA,
  WARNING_TRAILING_CENTRAL_DIRECTORY_DATA,
  WARNING_WRAPPED_ENTRIES_COUNT,
  type Entry as ZipEntry,
  ZipReader,
} from '@zip.js/zip.js'
import { textOfName } from '../model/path.ts'
import { quoted } from '../model/quoted.ts'
import type { ArchiveFile } from './archive-file.ts'
import { type Meter, metered } from './archive-limits.ts'
import { asFailure } from './failure.ts'
import { partReader } from './part-reader.ts'
import type { TarEntry } from './tar.ts'
import { unpackMember } from './zip-member.ts'

/** What makes readers see different members in one zip. That a name comes twice is no such thing: the last one counts. */
const ambiguities: ReadonlySet<string> = new Set([
  WARNING_PREPENDED_DATA,
  WARNING_MISMATCHED_CENTRAL_DIRECTORY_OFFSET,
  WARNING_MISMATCHED_ZIP64_END_OF_CENTRAL_DIRECTORY,
  WARNING_TRAILING_CENTRAL_DIRECTORY_DATA,
  WARNING_WRAPPED_ENTRIES_COUNT,
])

/** Bytes. */
const largestDirectory = 256 * 1024 ** 2

/** Bytes. No system takes a longer one. */
const longestLink = 64 * 1024

/**
 * The members of a zip, as those of a tar. Each is unpacked to its end and checked against its CRC, whether its body is
 * read or not.
 *
 * @throws what the archive's `fail` makes, when it is cut off, damaged, encrypted or may be read in more than one way.
 */
export async function* zipMembers(file: ArchiveFile, meter: Meter): AsyncGenerator<TarEntry> {
  const handle = await open(file.name).catch(cause => {
    throw file.fail('it cannot be opened any more; see that it stays where it is', { cause })
  })
  try {
    const options = { filenameValidation: 'tolerant', maxAppendedDataSize: 0 } as const
    const zip = new ZipReader(await directoryReader(file), options)
    for await (const entry of zip.getEntriesGenerator()) yield* memberOf(entry, handle, file, meter)
    const ambiguity = zip.warnings?.find(({ reason }) => ambiguities.has(reason))
    if (ambiguity !== undefined) throw new Error(ambiguity.reason)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw asFailure(
      error,
      file.fail,
      `it is cut off, damaged or not one zip alone (${reason}); download or make it again`,
    )
  } finally {
    await handle.close()
  }
}

async function* memberOf(
  entry: ZipEntry,
  handle: FileHandle,
  file: ArchiveFile,
  meter: Meter,
): AsyncGenerator<TarEntry> {
  const name = Buffer.from(entry.rawFilename)
  const member = { name, linkName: Buffer.alloc(0), size: entry.uncompressedSize, body: noBytes }
  if (entry.directory) {
    yield { ...member, kind: 'directory' }
    return
  }
  const fail = (problem: string, options?: ErrorOptions) =>
    file.fail(`its member ${quoted(textOfName(name))} ${problem}`, options)
  if (entry.encrypted) throw fail('is encrypted; make it without a password')
  if (entry.symlink && entry.uncompressedSize > longestLink)
    throw fail('is a link longer than any; look at what made it')
  const bytes = metered(unpackMember(entry, handle, fail), meter)
  try {
    const unpacked = partReader(bytes, () => fail('is shorter than it says; download or make it again'))
    const section = unpacked.section(entry.uncompressedSize)
    if (entry.symlink) yield { ...member, kind: 'symlink', linkName: await buffer(section.body()) }
    else yield { ...member, kind: 'file', body: section.body }
    await section.end()
    if (!(await unpacked.atEnd())) throw fail('is longer than it says; download or make it again')
  } finally {
    await bytes.return(undefined)
  }
}

/** zip.js reads the directory in one piece. */
async function directoryReader({ name, fail }: ArchiveFile): Promise<BlobReader> {
  const reader = new BlobReader(await openAsBlob(name))
  const readRange = reader.readUint8Array.bind(reader)
  reader.readUint8Array = async (offset, length) => {
    if (length > largestDirectory) throw fail(`its directory is larger than ${largestDirectory} bytes; upload less`)
    return readRange(offset, length)
  }
  return reader
}

async function* noBytes(): AsyncGenerator<Uint8Array> {}
