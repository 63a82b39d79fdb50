import type { Change } from './change.ts'
import { decodeUtf8, isAscii } from './text.ts'
import { decodeWindows1252, encodeWindows1252 } from './windows-1252.ts'

/** One way to write UTF-8 otherwise. */
interface Recoding {
  readonly became: string
  readonly wasBefore: string
  /** Null where it cannot be done. */
  readonly apply: (utf8: Buffer) => Buffer | null
  /** Takes it back; null where it cannot have been done. */
  readonly revert: (bytes: Buffer) => Buffer | null
}

const recodings: readonly Recoding[] = [
  utf16('UTF-16 (little-endian)', swap => swap, false),
  utf16('UTF-16 (little-endian, with BOM)', swap => swap, true),
  utf16('UTF-16 (big-endian)', bytes => bytes.swap16(), false),
  utf16('UTF-16 (big-endian, with BOM)', bytes => bytes.swap16(), true),
  singleByte('latin-1', bytes => bytes.toString('latin1'), encodeLatin1),
  singleByte('cp1252', decodeWindows1252, encodeWindows1252),
  mojibake(
    'UTF-8 was encoded as UTF-8 twice (read as latin-1 in between)',
    bytes => bytes.toString('latin1'),
    encodeLatin1,
  ),
  mojibake('UTF-8 was read as cp1252 and written as UTF-8 (mojibake)', decodeWindows1252, encodeWindows1252),
]

/** The same characters in another encoding, or those that come of reading them in the wrong one. */
export const encoding: Change = {
  kind: 'encoding',
  explain(before, after) {
    // Where both are ASCII every encoding that is known here writes the same bytes, but for UTF-16, which is full of NULs.
    if (isPlain(before) && isPlain(after)) return null
    for (const { became, wasBefore, apply } of recodings) {
      if (apply(before)?.equals(after)) return became
      if (apply(after)?.equals(before)) return wasBefore
    }
    return null
  },
  undo: (_before, after) => (isPlain(after) ? [] : recodings.flatMap(({ revert }) => revert(after) ?? [])),
}

function isPlain(bytes: Buffer): boolean {
  return isAscii(bytes) && !bytes.includes(0)
}

function utf16(name: string, order: (littleEndian: Buffer) => Buffer, marked: boolean): Recoding {
  const mark = order(Buffer.from([0xff, 0xfe]))
  return {
    became: `UTF-8 became ${name}`,
    wasBefore: `${name} became UTF-8`,
    apply(utf8) {
      const text = decodeUtf8(utf8)
      if (text === null) return null
      const bytes = order(Buffer.from(text, 'utf16le'))
      return marked ? Buffer.concat([mark, bytes]) : bytes
    },
    revert(bytes) {
      const isMarked = bytes.subarray(0, 2).equals(mark)
      if (bytes.length % 2 !== 0 || isMarked !== marked) return null
      const text = order(Buffer.from(bytes.subarray(marked ? 2 : 0))).toString('utf16le')
      return text.isWellFormed() ? Buffer.from(text) : null
    },
  }
}

function singleByte(
  name: string,
  decode: (bytes: Buffer) => string,
  encode: (text: string) => Buffer | null,
): Recoding {
  return {
    became: `UTF-8 became ${name}`,
    wasBefore: `${name} became UTF-8`,
    apply(utf8) {
      const text = decodeUtf8(utf8)
      const bytes = text === null ? null : encode(text)
      // Bytes that are UTF-8 as well are taken for that.
      return bytes === null || decodeUtf8(bytes) !== null ? null : bytes
    },
    revert: bytes => (decodeUtf8(bytes) === null ? Buffer.from(decode(bytes)) : null),
  }
}

function mojibake(says: string, decode: (bytes: Buffer) => string, encode: (text: string) => Buffer | null): Recoding {
  return {
    became: says,
    wasBefore: `what had been so was mended: ${says}`,
    apply: utf8 => (decodeUtf8(utf8) === null ? null : Buffer.from(decode(utf8))),
    revert(bytes) {
      const text = decodeUtf8(bytes)
      return text === null ? null : encode(text)
    },
  }
}

function encodeLatin1(text: string): Buffer | null {
  return /[^\0-\xff]/.test(text) ? null : Buffer.from(text, 'latin1')
}
