import type { Change } from './change.ts'

const mark = Buffer.from([0xef, 0xbb, 0xbf])

/** The byte order mark of UTF-8, put in front or taken away. */
export const bom: Change = {
  kind: 'bom',
  explain(before, after) {
    if (isMarked(after, before)) return 'a byte order mark (BOM) was put in front'
    return isMarked(before, after) ? 'the byte order mark (BOM) was taken away' : null
  },
  undo: (_before, after) => [startsMarked(after) ? after.subarray(mark.length) : Buffer.concat([mark, after])],
}

function isMarked(marked: Buffer, plain: Buffer): boolean {
  return startsMarked(marked) && marked.subarray(mark.length).equals(plain)
}

function startsMarked(bytes: Buffer): boolean {
  return bytes.subarray(0, mark.length).equals(mark)
}
