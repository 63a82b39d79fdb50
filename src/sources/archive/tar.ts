import { textOfName } from '../../model/path.ts'
import { ByteReader } from '../byte-reader.ts'
import { excerpt, type Fail } from '../failure.ts'
import { parsePaxRecords, parseTarHeader, type TarHeader, type TarOverrides, textAt } from './tar-header.ts'

/** One record of a tar. Names are bytes, as stored. */
export interface TarEntry {
  readonly kind: 'file' | 'hardlink' | 'symlink' | 'directory' | 'special'
  readonly name: Buffer
  readonly linkName: Buffer
  /** Of the body, in bytes. */
  readonly size: number
  /** Whole seconds since 1970; left out where nothing is unpacked with it. */
  readonly modifiedAt?: number | undefined
  /** The bytes of a file, once, before the next record is asked for; what is not read by then is skipped. */
  readonly body: () => AsyncGenerator<Uint8Array>
  /** All of it, where it is at hand: as `Entry` has it. */
  readonly atHand?: () => Uint8Array | null
}

export interface TarOptions {
  readonly fail: Fail
  /** Whether the two zero blocks at the end may be missing. Without them, nothing tells a whole tar from one that is cut off. */
  readonly endMayBeMissing: boolean
  /** Whether all that stands behind the end must be zeros, in whole blocks; otherwise it is not looked at. */
  readonly endsThere?: boolean
}

const blockSize = 512
const zeroBlock = Buffer.alloc(blockSize)
/** As Go's archive/tar, which the container engines read with. */
const maximumExtensionSize = 1024 * 1024

const kinds: Readonly<Record<string, TarEntry['kind']>> = {
  '\0': 'file',
  '0': 'file',
  '7': 'file',
  '1': 'hardlink',
  '2': 'symlink',
  '5': 'directory',
}

/**
 * The records of a tar up to its end, and then the stream to its end. What is a record, and what its name, is decided as
 * Go's archive/tar decides, because the container engines unpack with it: PAX values are bytes, global headers say
 * nothing, and what stands behind the end is not seen. (tar-stream decodes PAX names, so two names that are no UTF-8 become
 * one, takes a cut tar for a whole one and reads on behind the end.)
 *
 * @throws what `fail` makes, for what is no tar, damaged or cut off.
 */
export async function* readTar(
  chunks: AsyncIterable<Uint8Array>,
  { fail, endMayBeMissing, endsThere = false }: TarOptions,
): AsyncGenerator<TarEntry> {
  await using reader = new ByteReader(chunks)
  let overrides: TarOverrides = {}
  for (let first = true; ; first = false) {
    // Most often there is nothing to wait for.
    const block = reader.now(blockSize) ?? (await reader.take(blockSize))
    if (block.equals(zeroBlock)) break
    if (block.length === 0 && endMayBeMissing) return
    if (block.length === 0 && first) throw fail('it is empty')
    if (block.length < blockSize) throw fail('it is cut off; save it again')
    const header = parseTarHeader(block)
    if (header === null) throw fail(first ? 'it is not a tar' : 'it is damaged: a header is not valid; save it again')

    if (isExtension(header)) {
      overrides = { ...overrides, ...(await readExtension(header, reader, fail)) }
    } else {
      const body = tarBody(reader, bodySize(header, overrides, fail), fail)
      yield tarEntry(header, overrides, body)
      if (!body.skipNow()) await body.skip()
      overrides = {}
    }
  }
  const second = await reader.take(blockSize)
  if (!second.equals(zeroBlock) && !(second.length === 0 && endMayBeMissing)) {
    throw fail('it is cut off or damaged: its end is not marked by two zero blocks; save it again')
  }
  if (endsThere) await expectPadding(reader, fail)
  else await reader.skip(Number.POSITIVE_INFINITY)
}

async function expectPadding(reader: ByteReader, fail: Fail): Promise<void> {
  let size = 0
  for await (const piece of reader.rest()) {
    size += piece.length
    if (piece.some(byte => byte !== 0)) throw fail('something follows its end; download or make it again')
  }
  if (size % blockSize !== 0) throw fail('it is cut off: its padding ends within a block; download or make it again')
}

function tarEntry(header: TarHeader, overrides: TarOverrides, body: TarBody): TarEntry {
  const name = overrides.name ?? header.name
  // Before ustar there was no type for a directory.
  const isOldDirectory = header.type === '\0' && name.at(-1) === 0x2f
  return {
    kind: isOldDirectory ? 'directory' : (kinds[header.type] ?? 'special'),
    name,
    linkName: overrides.linkName ?? header.linkName,
    size: body.size,
    modifiedAt: overrides.modifiedAt ?? header.modifiedAt,
    body: body.bytes,
    atHand: body.atHand,
  }
}

/** Links, devices, directories and FIFOs have no body, whatever size they state. */
function bodySize(header: TarHeader, overrides: TarOverrides, fail: Fail): number {
  if (header.type === 'S' || overrides.sparse !== undefined) {
    const name = excerpt(textOfName(overrides.sparse?.name ?? overrides.name ?? header.name))
    throw fail(`${name} is a GNU sparse file, which is not read; make it without sparse files (tar without -S)`)
  }
  return /[1-6]/.test(header.type) ? 0 : (overrides.size ?? header.size)
}

function isExtension({ type }: TarHeader): boolean {
  return type === 'x' || type === 'g' || type === 'L' || type === 'K'
}

/** What a PAX or a GNU header says of the record behind it. */
async function readExtension({ type, size }: TarHeader, reader: ByteReader, fail: Fail): Promise<TarOverrides> {
  if (size > maximumExtensionSize) throw fail('it is damaged: an extended header is over 1 MiB; save it again')
  const body = await reader.take(size)
  if (body.length < size || !(await reader.skip(paddingOf(size)))) throw fail('it is cut off; save it again')
  if (type === 'g') return {}
  if (type === 'L') return { name: textAt(body, 0, size) }
  if (type === 'K') return { linkName: textAt(body, 0, size) }
  const records = parsePaxRecords(body)
  if (records === null) throw fail('it is damaged: an extended header is not valid; save it again')
  return records
}

/** Bytes up to the next block. */
function paddingOf(size: number): number {
  return (blockSize - (size % blockSize)) % blockSize
}

/** What stands between one header and the next. */
interface TarBody {
  readonly size: number
  readonly bytes: () => AsyncGenerator<Uint8Array>
  readonly atHand: () => Uint8Array | null
  /** Goes on to the next header. */
  readonly skip: () => Promise<void>
  /** As `skip`, where that is at hand; else false, and it stays where it is. */
  readonly skipNow: () => boolean
}

function tarBody(reader: ByteReader, size: number, fail: Fail): TarBody {
  let left = size
  let state: 'unread' | 'open' | 'passed' = 'unread'
  const expectUnread = () => {
    if (state !== 'unread') throw new Error('a body can be read once, and before the next entry')
  }
  return {
    size,
    atHand() {
      expectUnread()
      const whole = reader.now(size)
      if (whole === null) return null
      state = 'open'
      left = 0
      return whole
    },
    async *bytes() {
      expectUnread()
      state = 'open'
      while (left > 0) {
        const piece = await reader.some(left)
        if (piece === null) throw fail('it is cut off; save it again')
        left -= piece.length
        yield piece
        if (left > 0 && state !== 'open') throw new Error('a body can be read only before the next entry')
      }
    },
    async skip() {
      const isWhole = await reader.skip(left + paddingOf(size))
      if (!isWhole) throw fail('it is cut off; save it again')
      state = 'passed'
    },
    skipNow() {
      if (!reader.skipNow(left + paddingOf(size))) return false
      state = 'passed'
      return true
    },
  }
}
