/** What a header block says, before the extended headers in front of it are applied. */
export interface TarHeader {
  readonly type: string
  readonly name: Buffer
  readonly linkName: Buffer
  /** Bytes. */
  readonly size: number
  /** Whole seconds since 1970. */
  readonly modifiedAt: number
}

/** What the extended headers in front of a header say instead of it. */
export interface TarOverrides {
  readonly name?: Buffer
  readonly linkName?: Buffer
  readonly size?: number
  readonly modifiedAt?: number
  /** A GNU sparse file, whose body is not the file's bytes; its name where it is stored apart. */
  readonly sparse?: { readonly name?: Buffer }
}

const nothing = Buffer.alloc(0)

/** The header that a block of 512 bytes holds: ustar, GNU or older. Null when its checksum or its size is wrong. */
export function parseTarHeader(block: Buffer): TarHeader | null {
  const size = numberAt(block, 124, 12)
  if (size === null || !checksumHolds(block)) return null
  const type = String.fromCharCode(block[156]!)
  const name = textAt(block, 0, 100)
  const prefix = block.toString('latin1', 257, 263) === 'ustar\0' ? textAt(block, 345, 155) : nothing
  return {
    type,
    name: prefix.length > 0 ? Buffer.concat([prefix, Buffer.from('/'), name]) : name,
    linkName: textAt(block, 157, 100),
    size,
    modifiedAt: numberAt(block, 136, 12) ?? 0,
  }
}

/**
 * The records of a PAX extended header: `<length> <key>=<value>\n`, the length in bytes and of all of it.
 * Values stay bytes: Go writes a name that is not UTF-8 as it is. Null when they are malformed.
 */
export function parsePaxRecords(body: Buffer): TarOverrides | null {
  let overrides: TarOverrides = {}
  for (let at = 0; at < body.length; ) {
    const space = body.indexOf(' ', at)
    const length = space < 0 ? null : decimal(body.toString('latin1', at, space))
    if (length === null || length <= space - at || at + length > body.length) return null
    const equals = body.indexOf('=', space)
    const end = at + length - 1
    if (equals < 0 || equals >= end || body[end] !== 0x0a) return null
    const applied = override(body.toString('latin1', space + 1, equals), body.subarray(equals + 1, end))
    if (applied === null) return null
    const sparse = applied.sparse === undefined ? {} : { sparse: { ...overrides.sparse, ...applied.sparse } }
    overrides = { ...overrides, ...applied, ...sparse }
    at += length
  }
  return overrides
}

/** The text of a GNU long name, up to its NUL. */
export function textAt(bytes: Buffer, start: number, length: number): Buffer {
  const end = bytes.indexOf(0, start)
  return bytes.subarray(start, end < 0 ? start + length : Math.min(end, start + length))
}

/** An empty value leaves what the header says; null when the value cannot be. */
function override(key: string, value: Buffer): TarOverrides | null {
  if (key === 'GNU.sparse.name') return { sparse: { name: value } }
  if (key.startsWith('GNU.sparse.')) return { sparse: {} }
  if (value.length === 0) return {}
  if (key === 'path') return { name: value }
  if (key === 'linkpath') return { linkName: value }
  if (key === 'mtime') return timeOf(value.toString('latin1'))
  if (key !== 'size') return {}
  const size = decimal(value.toString('latin1'))
  return size === null ? null : { size }
}

/** Python takes the whole seconds of a time, towards 0, for what a `.pyc` is compared with. */
function timeOf(text: string): TarOverrides {
  return /^-?\d+(?:\.\d*)?$/.test(text) ? { modifiedAt: Math.trunc(Number(text)) } : {}
}

/** Octal digits among spaces and NULs or, with the highest bit set, a big-endian number. */
function numberAt(block: Buffer, start: number, length: number): number | null {
  if ((block[start]! & 0x80) !== 0) return binary(block.subarray(start, start + length))
  let at = start
  const end = start + length
  while (at < end && isBlank(block[at]!)) at++
  let value = 0
  for (; at < end && !isBlank(block[at]!); at++) {
    const digit = block[at]! - 0x30
    if (digit < 0 || digit > 7) return null
    value = value * 8 + digit
  }
  return value
}

/** A space or a NUL. */
function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0
}

/** Null for what is negative or too large to count. */
function binary(field: Buffer): number | null {
  const [first = 0, ...rest] = field
  const value = rest.reduce((sum, byte) => sum * 256 + byte, first & 0x7f)
  return Number.isSafeInteger(value) ? value : null
}

function decimal(digits: string): number | null {
  const value = /^\d+$/.test(digits) ? Number(digits) : Number.NaN
  return Number.isSafeInteger(value) ? value : null
}

/** The sum of all bytes, the checksum's own field counted as spaces. */
function checksumHolds(block: Buffer): boolean {
  let sum = 8 * 0x20
  for (let i = 0; i < 148; i++) sum += block[i]!
  for (let i = 156; i < block.length; i++) sum += block[i]!
  return numberAt(block, 148, 8) === sum
}
