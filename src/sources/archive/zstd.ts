import { pipeline, type Transform } from 'node:stream'
import * as zlib from 'node:zlib'
import type { ByteReader } from '../byte-reader.ts'
import { asFailure, type Fail } from '../failure.ts'

export const zstdMagic = Buffer.from([0x28, 0xb5, 0x2f, 0xfd])

/** How much of what was unpacked a frame may refer back to, which must be held: what zstd itself takes unasked. Bytes. */
const largestWindow = 128 * 1024 * 1024
const largestBlock = 128 * 1024

/** Node has it from 22.15 on. */
const { createZstdDecompress } = zlib as { readonly createZstdDecompress?: (options: object) => Transform }

/**
 * Unpacks Zstandard data, frame after frame: by Node where it can, else in JavaScript.
 *
 * @param native whether Node does it.
 * @throws what `fail` makes, when it is cut off or damaged, or needs more memory than is given.
 */
export function zstdUnpacked(
  reader: ByteReader,
  fail: Fail,
  native: boolean = createZstdDecompress !== undefined,
): AsyncGenerator<Uint8Array> {
  return native ? unpackedByNode(reader, fail) : unpackedHere(reader, fail)
}

async function* unpackedByNode(reader: ByteReader, fail: Fail): AsyncGenerator<Uint8Array> {
  const stream = createZstdDecompress!({ chunkSize: 256 * 1024 })
  // The outcome comes out of the loop below: the pipeline destroys `stream` with the error of either side.
  pipeline(checked(reader, fail), stream, () => {})
  try {
    yield* stream
  } catch (error) {
    throw asFailure(error, fail, damaged)
  }
}

/** A block of at most 128 KiB at a time, so that no more than that is unpacked at once. */
async function* unpackedHere(reader: ByteReader, fail: Fail): AsyncGenerator<Uint8Array> {
  const { Decompress } = await import('fzstd')
  let unpacked: Uint8Array[] = []
  const start = () => new Decompress(piece => unpacked.push(piece))
  // Another one for each frame: it tells the end of a short one only where it is the last.
  let frame = start()
  for await (const { bytes, endsFrame } of pieces(reader, fail)) {
    try {
      frame.push(bytes, endsFrame)
    } catch (cause) {
      throw fail(damaged, { cause })
    }
    yield* unpacked
    unpacked = []
    if (endsFrame) frame = start()
  }
}

const damaged = 'its zstd data is cut off or damaged; save it again'

async function* checked(reader: ByteReader, fail: Fail): AsyncGenerator<Uint8Array> {
  for await (const { bytes } of pieces(reader, fail)) yield bytes
}

/** A frame header or a block; a check sum comes with the last block. */
interface Piece {
  readonly bytes: Buffer
  readonly endsFrame: boolean
}

/**
 * The data as it is, without frames that are to be skipped; no part of it asks for more memory than is given:
 * https://datatracker.ietf.org/doc/html/rfc8878#section-3
 */
async function* pieces(reader: ByteReader, fail: Fail): AsyncGenerator<Piece> {
  const take = (size: number) => takeAll(reader, size, fail)
  for (let magic = await reader.take(4); magic.length > 0; magic = await reader.take(4)) {
    if (isSkippable(magic)) {
      if (!(await reader.skip((await take(4)).readUInt32LE()))) throw fail(damaged)
      continue
    }
    if (!magic.equals(zstdMagic)) throw fail(damaged)
    const descriptor = await take(1)
    const fields = await take(headerSize(descriptor[0]!))
    if (windowSize(descriptor[0]!, fields) > largestWindow) {
      throw fail('its zstd data needs a window of over 128 MiB, which is the most that is given; save it again')
    }
    yield { bytes: Buffer.concat([magic, descriptor, fields]), endsFrame: false }
    yield* blocks(take, (descriptor[0]! & 4) === 0 ? 0 : 4, fail)
  }
}

/** To the end of the frame, with a check sum of so many bytes. */
async function* blocks(take: (size: number) => Promise<Buffer>, checksum: number, fail: Fail): AsyncGenerator<Piece> {
  for (let endsFrame = false; !endsFrame; ) {
    const header = await take(3)
    const bits = header.readUIntLE(0, 3)
    endsFrame = (bits & 1) === 1
    const isRepeated = ((bits >> 1) & 3) === 1
    if (bits >> 3 > largestBlock) throw fail(damaged)
    const rest = await take((isRepeated ? 1 : bits >> 3) + (endsFrame ? checksum : 0))
    yield { bytes: Buffer.concat([header, rest]), endsFrame }
  }
}

async function takeAll(reader: ByteReader, size: number, fail: Fail): Promise<Buffer> {
  const bytes = await reader.take(size)
  if (bytes.length < size) throw fail(damaged)
  return bytes
}

function isSkippable(magic: Buffer): boolean {
  return magic.length === 4 && (magic.readUInt32LE() & 0xfffffff0) >>> 0 === 0x184d2a50
}

/** Of the window descriptor, the dictionary id and the content size, as the frame's descriptor has them. Bytes. */
function headerSize(descriptor: number): number {
  return (isSingle(descriptor) ? 0 : 1) + [0, 1, 2, 4][descriptor & 3]! + contentSizeLength(descriptor)
}

/** Bytes. */
function windowSize(descriptor: number, fields: Buffer): number {
  if (!isSingle(descriptor)) {
    const base = 2 ** (10 + (fields[0]! >> 3))
    return base + (base / 8) * (fields[0]! & 7)
  }
  const length = contentSizeLength(descriptor)
  const size = fields.subarray(fields.length - length)
  return length === 8 ? Number(size.readBigUInt64LE()) : size.readUIntLE(0, length) + (length === 2 ? 256 : 0)
}

function isSingle(descriptor: number): boolean {
  return (descriptor & 0x20) !== 0
}

function contentSizeLength(descriptor: number): number {
  return [isSingle(descriptor) ? 1 : 0, 2, 4, 8][descriptor >> 6]!
}
