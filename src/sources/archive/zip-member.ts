import type { FileHandle } from 'node:fs/promises'
import { pipeline } from 'node:stream'
import { crc32, createInflateRaw } from 'node:zlib'
import type { Entry } from '@zip.js/zip.js'
import { asFailure, type Fail } from '../failure.ts'

const chunkSize = 256 * 1024
const localHeaderSize = 30
const stored = 0
const deflated = 8

/**
 * The bytes of a member, unpacked and checked against the CRC that the directory states. zip.js reads the directory, and
 * could read this too, but passes each member through a dozen web streams: that takes five times as long.
 *
 * @throws what `fail` makes, when the data is damaged or its local header says otherwise than the directory.
 */
export async function* unpackMember(entry: Entry, file: FileHandle, fail: Fail): AsyncGenerator<Uint8Array> {
  const packed = await packedRange(entry, file, fail)
  let checksum = 0
  for await (const chunk of unpacked(entry, packed, fail)) {
    checksum = crc32(chunk, checksum)
    yield chunk
  }
  if (checksum !== entry.crc32) throw fail('is damaged: its CRC is another; download or make it again')
}

async function* unpacked(entry: Entry, packed: AsyncIterable<Uint8Array>, fail: Fail): AsyncGenerator<Uint8Array> {
  if (entry.compressionMethod === stored) return yield* packed
  const inflate = createInflateRaw({ chunkSize })
  // Errors of either come out of the loop below: the pipeline destroys `inflate` with them.
  pipeline(packed, inflate, () => {})
  try {
    yield* inflate
  } catch (error) {
    throw asFailure(error, fail, 'is damaged; download or make it again')
  }
  if (inflate.bytesWritten !== entry.compressedSize) throw fail('is followed by something; download or make it again')
}

/** The data behind the local header, which repeats what the directory says of the member; some readers go by it alone. */
async function packedRange(entry: Entry, file: FileHandle, fail: Fail): Promise<AsyncIterable<Uint8Array>> {
  if (entry.compressionMethod !== stored && entry.compressionMethod !== deflated) {
    throw fail(`is compressed by method ${entry.compressionMethod}, which is not read; make it with deflate`)
  }
  const header = Buffer.alloc(localHeaderSize + entry.rawFilename.length)
  await file.read(header, 0, header.length, entry.offset)
  const agrees =
    header.readUInt32LE(0) === 0x04034b50 &&
    header.readUInt16LE(8) === entry.compressionMethod &&
    header.readUInt16LE(26) === entry.rawFilename.length &&
    header.subarray(localHeaderSize).equals(entry.rawFilename)
  if (!agrees) throw fail('has a header that says otherwise than the directory; download or make it again')
  return range(file, entry.offset + header.length + header.readUInt16LE(28), entry.compressedSize, fail)
}

async function* range(file: FileHandle, start: number, length: number, fail: Fail): AsyncGenerator<Uint8Array> {
  for (let at = start, left = length; left > 0; ) {
    const buffer = Buffer.allocUnsafe(Math.min(left, chunkSize))
    const { bytesRead } = await file.read(buffer, 0, buffer.length, at)
    if (bytesRead === 0) throw fail('is cut off; download or make it again')
    at += bytesRead
    left -= bytesRead
    yield buffer.subarray(0, bytesRead)
  }
}
