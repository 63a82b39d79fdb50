/**
 * What the bytes 0x80 to 0x9F stand for; those that stand for nothing keep their number, as the WHATWG has it. Written out,
 * since TextDecoder of some versions of Node takes windows-1252 for latin-1.
 */
const special =
  '\u20AC\x81\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\x8D\u017D\x8F' +
  '\x90\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153\x9D\u017E\u0178'

export function decodeWindows1252(bytes: Buffer): string {
  return bytes.toString('latin1').replace(/[\x80-\x9f]/g, byte => special[byte.charCodeAt(0) - 0x80]!)
}

/** Null when it has no byte for one of the characters. */
export function encodeWindows1252(text: string): Buffer | null {
  const bytes = Buffer.allocUnsafe(text.length)
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    const byte = code < 0x80 || (code >= 0xa0 && code <= 0xff) ? code : 0x80 + special.indexOf(text[i]!)
    if (byte === 0x7f) return null
    bytes[i] = byte
  }
  return bytes
}
