import type { BlobId } from '../../model/digest.ts'
import type { Conversion } from '../../model/git-facts.ts'
import type { Attributes } from './git-attributes.ts'
import type { LineEndSettings } from './git-settings.ts'
import { type LineEndRule, lineEndRule, toBlob, toDisk } from './line-end-conversion.ts'

/** The attributes that decide what git writes to the disk. Filters are programs, and none is run. */
export const conversionAttributes = ['text', 'crlf', 'eol', 'ident', 'working-tree-encoding'] as const

/** What git does to one file between a commit and the disk; null where it does nothing. */
export function gitConversion(blobId: BlobId, attributes: Attributes, settings: LineEndSettings): Conversion | null {
  const rule = lineEndRule(attributes, settings)
  const expands = attributes.get('ident') === 'set'
  const encoding = encodingOf(attributes)
  const from = [
    ...(rule === null ? [] : [`line endings: ${rule.from}`]),
    ...(expands ? ['ident'] : []),
    ...(encoding === null ? [] : [`working-tree-encoding=${encoding}`]),
  ]
  if (from.length === 0) return null
  return {
    from: from.join(', '),
    joins(blob, onDisk) {
      const text = encoding === null ? Buffer.from(onDisk) : decodeFrom(encoding, onDisk)
      if (text === null) return false
      const written = Buffer.from(blob)
      return (
        checkedOut(written, { rule, expands, blobId }).equals(text) || stored(text, { rule, expands }).equals(written)
      )
    },
  }
}

/** UTF-8 is what it is stored in anyway. */
function encodingOf(attributes: Attributes): string | null {
  const encoding = attributes.get('working-tree-encoding')
  return encoding === undefined || /^(?:set|unset|utf-?8)$/i.test(encoding) ? null : encoding
}

interface Steps {
  readonly rule: LineEndRule | null
  readonly expands: boolean
}

function checkedOut(blob: Buffer, { rule, expands, blobId }: Steps & { readonly blobId: BlobId }): Buffer {
  const expanded = expands ? replaceIdent(blob, `$Id: ${blobId} $`) : blob
  return rule === null ? expanded : toDisk(expanded, rule)
}

function stored(onDisk: Buffer, { rule, expands }: Steps): Buffer {
  const plain = rule === null ? onDisk : toBlob(onDisk, rule)
  return expands ? replaceIdent(plain, '$Id$') : plain
}

/** An expansion with blanks within is that of another system, which git leaves alone. */
function replaceIdent(bytes: Buffer, by: string): Buffer {
  if (!bytes.includes('$Id')) return bytes
  return Buffer.from(
    bytes.toString('latin1').replace(/\$Id(?::(?:[^$\n][^$\n ]* ?)?)?\$/g, () => by),
    'latin1',
  )
}

/** The characters as UTF-8; null where they are not in that encoding, or nobody here knows it. */
function decodeFrom(encoding: string, bytes: Uint8Array): Buffer | null {
  const name = encoding.toLowerCase().replace(/-bom$/, '')
  if (/^(?:latin-?1|iso-?8859-1)$/.test(name)) return Buffer.from(Buffer.from(bytes).toString('latin1'))
  // What says no order tells it by its mark, and is in that of the machine without one.
  const order = name === 'utf-16' ? (bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-16le') : name
  try {
    return Buffer.from(new TextDecoder(order, { fatal: true }).decode(bytes))
  } catch {
    // Nothing is claimed of a file that cannot be read so.
    return null
  }
}
