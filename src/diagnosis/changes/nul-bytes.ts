import type { Change } from './change.ts'
import { counted } from './text.ts'

/** NUL bytes, put in or left in place of what a write never brought. */
export const nulBytes: Change = {
  kind: 'nul-bytes',
  explain(before, after) {
    return blankedTail(before, after) ?? putIn(before, after) ?? takenOut(before, after)
  },
  undo: (_before, after) => (after.at(-1) === 0 ? [after.subarray(0, endBeforeNuls(after))] : []),
}

/** A file that has its length, while the bytes of its end never arrived. */
function blankedTail(before: Buffer, after: Buffer): string | null {
  const end = endBeforeNuls(after)
  if (end === after.length || end >= before.length || after.length < before.length) return null
  if (!before.subarray(0, end).equals(after.subarray(0, end))) return null
  return end === 0
    ? `all ${counted(after.length, 'byte')} are NUL`
    : `from byte ${end} of ${before.length} on, ${counted(after.length - end, 'NUL byte')} stand in place of the rest`
}

function putIn(before: Buffer, after: Buffer): string | null {
  if (!isWithNuls(after, before)) return null
  const number = after.length - before.length
  const where = endBeforeNuls(after) === before.length ? ' at its end' : ''
  return `${counted(number, 'NUL byte')} put in${where}`
}

function takenOut(before: Buffer, after: Buffer): string | null {
  return isWithNuls(before, after) ? `${counted(before.length - after.length, 'NUL byte')} taken out` : null
}

/** Whether `full` is `plain` with NUL bytes put in. */
function isWithNuls(full: Buffer, plain: Buffer): boolean {
  if (full.length <= plain.length) return false
  let at = 0
  for (const byte of full) {
    if (at < plain.length && byte === plain[at]) at++
    else if (byte !== 0) return false
  }
  return at === plain.length
}

function endBeforeNuls(bytes: Buffer): number {
  let end = bytes.length
  while (end > 0 && bytes[end - 1] === 0) end--
  return end
}
