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
import { textOfName } from '../../model/path.ts'
import { quoted } from '../../model/quoted.ts'
import { asFailure, type Fail } from '../failure.ts'
import { partReader } from '../part-reader.ts'
import type { ArchiveFile } from './archive-file.ts'
import { type Meter, metered } from './archive-limits.ts'
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
  const fail = (problem: string, options?: ErrorOptions) =>
    file.fail(`its member ${quoted(textOfName(name))} ${problem}`, options)
  if (entry.encrypted) throw fail('is encrypted; make it without a password')
  const kind = kindOf(entry, fail)
  const bytes = metered(unpackMember(entry, handle, fail), meter)
  try {
    const unpacked = partReader(bytes, () => fail('is shorter than it says; download or make it again'))
    const section = unpacked.section(entry.uncompressedSize)
    if (kind === 'symlink') yield { ...member, kind, linkName: linkText(await buffer(section.body()), fail) }
    else yield { ...member, kind, body: section.body }
    await section.end()
    if (!(await unpacked.atEnd())) throw fail('is longer than it says; download or make it again')
  } finally {
    await bytes.return(undefined)
  }
}

/**
 * Nothing but the attributes in the directory tells the kind of a member, and no check sum is over them; so they must at
 * least agree with what else is said of it.
 */
function kindOf(entry: ZipEntry, fail: Fail): 'directory' | 'symlink' | 'file' {
  const isNamedDirectory = entry.rawFilename.at(-1) === 0x2f
  if (entry.directory !== isNamedDirectory || (entry.directory && entry.uncompressedSize > 0)) {
    throw fail('is a directory by one word and a file by another; download or make it again')
  }
  if (entry.directory) return 'directory'
  if (!entry.symlink) return 'file'
  if (entry.uncompressedSize > longestLink) throw fail('is a link longer than any; look at what made it')
  return 'symlink'
}

/** A link leads nowhere without a name, and no name that anybody links to has a line break. */
function linkText(text: Buffer, fail: Fail): Buffer {
  if (text.length > 0 && !text.includes(0) && !text.includes(0x0a)) return text
  throw fail('is called a link and holds no name of a file; download or make it again')
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
