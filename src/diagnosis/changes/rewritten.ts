import type { ChangeDetail } from '../../model/change.ts'
import { parseConflicts, placesOf } from './conflict-markers.ts'
import { type DifferenceBounds, lineDifference } from './line-difference.ts'
import { lineEndings } from './line-endings.ts'
import { countLineEnds } from './line-ends.ts'

/** How much of a difference is kept; the rest is counted. */
const bounds: DifferenceBounds = { hunks: 3, lines: 12, around: 1, edits: 50 }

/**
 * A difference that nothing explains: how many lines came and went, and the first of them. Where line ends changed
 * throughout as well, these are counted by themselves, so that the lines that differ otherwise can be seen.
 */
export function rewritten(before: Buffer, after: Buffer): ChangeDetail {
  if (isGitCrypt(before)) {
    return { says: 'encrypted by git-crypt before: it cannot be compared without the key' }
  }
  const [sameEnds] = lineEndings.undo!(before, after)
  const exact = lineDifference(before, after, bounds)
  const besides = sameEnds === undefined ? exact : lineDifference(before, sameEnds, bounds)
  const parted = besides.changed < exact.changed
  const notes = [
    ...marked(before, after),
    (parted ? besides : exact).says,
    ...(parted ? [`besides, its line ends changed: ${endsOf(before)} before, ${endsOf(after)} after`] : []),
  ]
  return { says: notes.join('; '), hunks: (parted ? besides : exact).hunks }
}

const gitCrypt = Buffer.from('\0GITCRYPT\0')

/** Whether git-crypt made these bytes, which nobody can read without its key. */
export function isGitCrypt(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, gitCrypt.length)).equals(gitCrypt)
}

function marked(before: Buffer, after: Buffer): string[] {
  const conflicts = parseConflicts(before) === null ? parseConflicts(after) : null
  return conflicts === null ? [] : [placesOf(conflicts)]
}

function endsOf(bytes: Buffer): string {
  return [...countLineEnds(bytes)].map(([end, number]) => `${number} ${end}`).join(', ')
}
