/** A source as text, and the way back. */
export interface DecodedSource {
  /** Without a leading byte order mark; line endings as they are. */
  readonly text: string
  /**
   * The bytes of a text, of the whole or of a part. In UTF-8, whatever the source was in: a coding cookie that names another
   * encoding is replaced, so that an interpreter reads the same characters.
   */
  readonly encode: (text: string) => Uint8Array
}

const byteOrderMark = '\uFEFF'
const markBytes = Buffer.from(byteOrderMark)

/**
 * Decodes by the byte order mark or the coding cookie, as Python does. Null when the bytes are not valid in that encoding,
 * when nobody knows it, or when a NUL makes them no source at all.
 *
 * https://docs.python.org/3/reference/lexical_analysis.html#encoding-declarations
 */
export function decodeSource(source: Uint8Array): DecodedSource | null {
  const encoding = declaredEncoding(source)
  // For Python, too, a byte order mark of UTF-8 and a cookie that names another encoding are an error.
  if (encoding !== 'utf-8' && Buffer.from(source.subarray(0, 3)).equals(markBytes)) return null
  const decoded = decodeAs(encoding, source)
  if (decoded === null || decoded.includes('\0')) return null
  const mark = decoded.startsWith(byteOrderMark) ? byteOrderMark : ''
  const encode = (text: string) => Buffer.from(mark + (encoding === 'utf-8' ? text : declaredAsUtf8(text)))
  return { text: decoded.slice(mark.length), encode }
}

/** A comment of the first line, or of the second where the first holds no code (PEP 263). */
const cookie = /^(?:[ \t\f]*(?:#[^\r\n]*)?(?:\r\n?|\n))??[ \t\f]*#[^\r\n]*?coding[:=][ \t]*([-\w.]+)/d

function declaredEncoding(source: Uint8Array): string {
  const head = Buffer.from(source.subarray(0, 4096)).toString('latin1')
  const match = cookie.exec(head.replace(/^\xEF\xBB\xBF/, ''))
  return match === null ? 'utf-8' : normalName(match[1]!)
}

function declaredAsUtf8(text: string): string {
  const [start, end] = cookie.exec(text)?.indices?.[1] ?? [0, 0]
  if (end === 0) return text
  return `${text.slice(0, start)}utf-8${text.slice(end)}`
}

/** As CPython compares them: `get_normal_name` in Parser/tokenizer.c; then with the names of the WHATWG. */
function normalName(name: string): string {
  const normal = name.toLowerCase().replaceAll('_', '-')
  if (/^utf-?8(?:-|$)/.test(normal)) return 'utf-8'
  if (/^(?:latin-?1|iso-?8859-1|iso-latin-1|l1)(?:-|$)/.test(normal)) return 'latin-1'
  return /^(?:us-)?ascii$/.test(normal) ? 'ascii' : normal
}

function decodeAs(encoding: string, source: Uint8Array): string | null {
  // The WHATWG takes these two for windows-1252.
  if (encoding === 'latin-1') return Buffer.from(source).toString('latin1')
  if (encoding === 'ascii') return source.every(byte => byte < 0x80) ? Buffer.from(source).toString('latin1') : null
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(source)
  } catch {
    // An encoding that nobody knows, or bytes that are not in it: the interpreter has said so already.
    return null
  }
}
