import type { Change } from './change.ts'

const mark = Buffer.from([0xef, 0xbb, 0xbf])

/** The byte order mark of UTF-8, put in front or taken away; more than once by programs that do not look for it. */
export const bom: Change = {
  kind: 'bom',
  explain(before, after) {
    const [was, is] = [marksOf(before), marksOf(after)]
    if (was === is || !unmarked(before, was).equals(unmarked(after, is))) return null
    const number = Math.abs(was - is)
    const marks = number === 1 ? 'byte order mark (BOM) was' : 'byte order marks (BOM) were'
    if (is > was) return `${number === 1 ? 'a' : number} ${marks} put in front`
    return `${number === 1 ? 'the' : number} ${marks} taken away`
  },
  undo(_before, after) {
    const marks = marksOf(after)
    if (marks === 0) return [Buffer.concat([mark, after])]
    return [unmarked(after, 1), ...(marks > 1 ? [unmarked(after, marks)] : [])]
  },
}

/** How many stand in front. */
function marksOf(bytes: Buffer): number {
  let marks = 0
  while (bytes.subarray(marks * mark.length, (marks + 1) * mark.length).equals(mark)) marks += 1
  return marks
}

function unmarked(bytes: Buffer, marks: number): Buffer {
  return bytes.subarray(marks * mark.length)
}
