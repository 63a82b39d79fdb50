import type { Change } from './change.ts'
import { countLineEnds, lengthOf, lineEndAt, withLineEnds } from './line-ends.ts'

/** The same lines, with other ends. */
export const lineEndings: Change = {
  kind: 'line-endings',
  explain(before, after) {
    const changes = lineEndChanges(before, after)
    if (changes === null) return null
    const mixed = countLineEnds(after).size > 1 ? ', and its line ends are mixed now' : ''
    return `${[...changes].map(([change, number]) => `${number} ${change}`).join(', ')}${mixed}`
  },
  undo(before, after) {
    const [only, ...others] = countLineEnds(before).keys()
    if (only === undefined || others.length > 0) return []
    const undone = withLineEnds(after, only)
    return undone.equals(after) ? [] : [undone]
  },
}

/** `CRLF became LF`, each with its number, in the order of the file; null when more than line ends differs. */
function lineEndChanges(before: Buffer, after: Buffer): ReadonlyMap<string, number> | null {
  const changes = new Map<string, number>()
  let [i, j] = [0, 0]
  while (i < before.length && j < after.length) {
    const [was, is] = [lineEndAt(before, i), lineEndAt(after, j)]
    if (was === null || is === null) {
      if (before[i] !== after[j]) return null
      i++
      j++
      continue
    }
    if (was !== is) changes.set(`${was} became ${is}`, (changes.get(`${was} became ${is}`) ?? 0) + 1)
    i += lengthOf[was]
    j += lengthOf[is]
  }
  return i === before.length && j === after.length ? changes : null
}
