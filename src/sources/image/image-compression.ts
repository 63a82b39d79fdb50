import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { type ArchiveLimits, metered, startMeter } from '../archive/archive-limits.ts'
import { zstdMagic, zstdUnpacked } from '../archive/zstd.ts'
import { ByteReader } from '../byte-reader.ts'
import { asFailure, type Fail } from '../failure.ts'

const gzipMagic = Buffer.from([0x1f, 0x8b])

/** What an image may also be packed with, and is not read. */
const otherCompressions = [
  { name: 'xz', magic: Buffer.from([0xfd, 0x37, 0x7a, 0x58]) },
  { name: 'bzip2', magic: Buffer.from('BZh') },
]

/**
 * The bytes, unpacked if they begin as gzip or zstd does.
 *
 * @throws what `fail` makes, for damaged data and for a compression that is not read.
 */
async function* unpacked(chunks: AsyncIterable<Uint8Array>, fail: Fail): AsyncGenerator<Uint8Array> {
  await using reader = new ByteReader(chunks)
  const compression = await compressionAhead(reader, fail)
  if (compression === 'gzip') yield* gunzipped(reader.rest(), fail)
  else if (compression === 'zstd') yield* zstdUnpacked(reader, fail)
  else yield* reader.rest()
}

/**
 * Whether bytes begin as gzip or zstd does.
 *
 * @throws what `fail` makes, for a compression that is not read.
 */
export async function isPacked(chunks: AsyncIterable<Uint8Array>, fail: Fail): Promise<boolean> {
  await using reader = new ByteReader(chunks)
  return (await compressionAhead(reader, fail)) !== null
}

async function compressionAhead(reader: ByteReader, fail: Fail): Promise<'gzip' | 'zstd' | null> {
  const start = await reader.peek(4)
  const other = otherCompressions.find(({ magic }) => startsWith(start, magic))
  if (other !== undefined) {
    throw fail(`it is compressed with ${other.name}, which is not read; save it uncompressed, or with gzip or zstd`)
  }
  if (startsWith(start, gzipMagic)) return 'gzip'
  return startsWith(start, zstdMagic) ? 'zstd' : null
}

/**
 * The same, held to the limits. An image may be large, and nothing of it is kept: it is not how much it unpacks to that tells one
 * made to exhaust whoever reads it, but out of how little.
 */
export async function* unpackedWithin(
  chunks: AsyncIterable<Uint8Array>,
  limits: ArchiveLimits,
  fail: Fail,
): AsyncGenerator<Uint8Array> {
  let packed = 0
  async function* counted() {
    for await (const chunk of chunks) {
      packed += chunk.length
      yield chunk
    }
  }
  const meter = startMeter(() => packed, { ...limits, unpackedSize: Number.POSITIVE_INFINITY }, fail)
  yield* metered(unpacked(counted(), fail), meter)
}

async function* gunzipped(chunks: AsyncIterable<Uint8Array>, fail: Fail): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: 256 * 1024 })
  // The outcome comes out of the loop below: the pipeline destroys `gunzip` with the error of either side.
  pipeline(chunks, gunzip, () => {})
  try {
    yield* gunzip
  } catch (error) {
    throw asFailure(error, fail, 'its gzip data is cut off or damaged; save it again')
  }
}

function startsWith(bytes: Buffer, magic: Buffer): boolean {
  return bytes.subarray(0, magic.length).equals(magic)
}
