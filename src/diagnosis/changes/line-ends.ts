/** How a line ends. `CR CR LF` is what comes of a CRLF that was taken for an LF once more. */
export type LineEnd = 'LF' | 'CRLF' | 'CR' | 'CR CR LF'

const [lf, cr] = [0x0a, 0x0d]

export const lengthOf: Readonly<Record<LineEnd, number>> = { LF: 1, CRLF: 2, CR: 1, 'CR CR LF': 3 }
export const bytesOf: Readonly<Record<LineEnd, string>> = { LF: '\n', CRLF: '\r\n', CR: '\r', 'CR CR LF': '\r\r\n' }

/** The line end that begins at `at`; null where none does. */
export function lineEndAt(bytes: Uint8Array, at: number): LineEnd | null {
  if (bytes[at] === lf) return 'LF'
  if (bytes[at] !== cr) return null
  if (bytes[at + 1] === lf) return 'CRLF'
  return bytes[at + 1] === cr && bytes[at + 2] === lf ? 'CR CR LF' : 'CR'
}

/** Each line without its end, and its end: null for a last line that has none. No line behind the last end. */
export function* linesOf(bytes: Buffer): Generator<{ readonly text: Buffer; readonly end: LineEnd | null }> {
  let start = 0
  for (let at = 0; at < bytes.length; ) {
    const byte = bytes[at]
    const end = byte === lf || byte === cr ? lineEndAt(bytes, at) : null
    if (end === null) {
      at++
      continue
    }
    yield { text: bytes.subarray(start, at), end }
    start = at += lengthOf[end]
  }
  if (start < bytes.length) yield { text: bytes.subarray(start), end: null }
}

/** How many of each there are. */
export function countLineEnds(bytes: Buffer): ReadonlyMap<LineEnd, number> {
  const counts = new Map<LineEnd, number>()
  for (const { end } of linesOf(bytes)) if (end !== null) counts.set(end, (counts.get(end) ?? 0) + 1)
  return counts
}

/** The same lines, all with this end; a last line without one stays so. */
export function withLineEnds(bytes: Buffer, wanted: LineEnd): Buffer {
  const pieces: Buffer[] = []
  const end = Buffer.from(bytesOf[wanted])
  for (const line of linesOf(bytes)) pieces.push(line.text, ...(line.end === null ? [] : [end]))
  return Buffer.concat(pieces)
}
