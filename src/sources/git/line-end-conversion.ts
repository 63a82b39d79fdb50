import type { Attributes } from './git-attributes.ts'
import type { LineEndSettings } from './git-settings.ts'

/** What git does to the line ends of a file. */
export interface LineEndRule {
  /** Whether LF becomes CRLF on the way to the disk. */
  readonly toCrlf: boolean
  /** Whether git looks at the bytes first, and leaves what is no text, or has CRLF already, as it is. */
  readonly guesses: boolean
  /** What asks for it: `eol=crlf`. */
  readonly from: string
}

/**
 * Null where line ends stay as they are.
 *
 * https://git-scm.com/docs/gitattributes#_text and convert.c of git: `eol` implies `text`, and without either
 * `core.autocrlf` decides.
 */
export function lineEndRule(attributes: Attributes, settings: LineEndSettings): LineEndRule | null {
  const text = attributes.get('text') ?? attributes.get('crlf')
  const eol = attributes.get('eol')
  if (text === 'unset') return null
  const isSaid = text === 'set' || text === 'auto' || text === 'input'
  const guesses = text === 'auto' || (!isSaid && eol !== 'lf' && eol !== 'crlf')
  if (eol === 'crlf' || eol === 'lf') return { toCrlf: eol === 'crlf', guesses, from: `eol=${eol}` }
  if (isSaid) {
    const from = text === 'set' ? 'text' : `text=${text}`
    return { toCrlf: text !== 'input' && writesCrlf(settings), guesses, from: `${from}${reason(settings)}` }
  }
  if (settings.autocrlf === 'false') return null
  return { toCrlf: settings.autocrlf === 'true', guesses: true, from: `core.autocrlf=${settings.autocrlf}` }
}

function writesCrlf({ autocrlf, eol }: LineEndSettings): boolean {
  return autocrlf === 'true' || (autocrlf === 'false' && eol === 'crlf')
}

function reason({ autocrlf, eol }: LineEndSettings): string {
  if (autocrlf !== 'false') return `, core.autocrlf=${autocrlf}`
  return eol === null ? '' : `, core.eol=${eol}`
}

/** The bytes that git writes to the disk. */
export function toDisk(blob: Buffer, { toCrlf, guesses }: LineEndRule): Buffer {
  if (!toCrlf || (guesses && (hasCr(blob) || isBinary(blob)))) return blob
  return Buffer.from(blob.toString('latin1').replaceAll('\r\n', '\n').replaceAll('\n', '\r\n'), 'latin1')
}

/** The bytes that git stores; what it guesses to be no text it leaves alone. */
export function toBlob(onDisk: Buffer, { guesses }: LineEndRule): Buffer {
  if (guesses && isBinary(onDisk)) return onDisk
  return Buffer.from(onDisk.toString('latin1').replaceAll('\r\n', '\n'), 'latin1')
}

function hasCr(bytes: Buffer): boolean {
  return bytes.includes(0x0d)
}

/** As git guesses it: a NUL, a lone CR, or too many control characters. */
function isBinary(bytes: Buffer): boolean {
  let [printable, others] = [0, 0]
  for (const [i, byte] of bytes.entries()) {
    if (byte === 0x0a) continue
    if (byte === 0 || (byte === 0x0d && bytes[i + 1] !== 0x0a)) return true
    if (byte === 0x0d) continue
    const isControl = byte === 0x7f || (byte < 0x20 && ![0x08, 0x09, 0x1b, 0x0c].includes(byte))
    if (isControl) others++
    else printable++
  }
  // A Ctrl-Z at the end was the end of a text once.
  if (bytes.at(-1) === 0x1a) others--
  return printable >> 7 < others
}
