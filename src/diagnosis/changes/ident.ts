import { createHash } from 'node:crypto'
import type { Change } from './change.ts'
import { counted } from './text.ts'

/** As git expands `$Id$`. */
const expanded = /\$Id: ([0-9a-f]{40}|[0-9a-f]{64}) \$/g

/** `$Id$` and what the attribute `ident` makes of it. */
export const ident: Change = {
  kind: 'ident',
  explain(before, after) {
    const put = expansions(after)
    if (put.length > 0 && collapse(after).equals(before)) {
      const isItsOwn = put.every(id => id === blobId(before, id.length))
      const whose = isItsOwn ? 'the blob id of the bytes before' : 'another blob id'
      return `$Id$ was expanded in ${counted(put.length, 'place')}, to ${whose}`
    }
    const taken = expansions(before)
    if (taken.length === 0 || !collapse(before).equals(after)) return null
    return `$Id$ was collapsed in ${counted(taken.length, 'place')}`
  },
  undo: (_before, after) => (expansions(after).length > 0 ? [collapse(after)] : []),
}

function expansions(bytes: Buffer): string[] {
  return bytes.includes('$Id: ') ? Array.from(bytes.toString('latin1').matchAll(expanded), ([, id]) => id!) : []
}

function collapse(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString('latin1').replace(expanded, '$$Id$$'), 'latin1')
}

function blobId(bytes: Buffer, digits: number): string {
  const hash = createHash(digits === 40 ? 'sha1' : 'sha256')
  return hash.update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
}
