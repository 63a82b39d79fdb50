import type { Change } from './change.ts'
import { lengthOf, linesOf } from './line-ends.ts'
import { counted } from './text.ts'

/** A text with merge conflicts, and what it would be if all of them were decided the same way. */
interface Conflicts {
  /** The lines at which conflicts begin, 1-based. */
  readonly lines: readonly number[]
  readonly ours: Buffer
  readonly theirs: Buffer
  readonly base: Buffer
}

type Side = 'all' | 'ours' | 'base' | 'theirs'

/** The markers that git writes into a file that it could not merge. */
export const conflictMarkers: Change = {
  kind: 'conflict-markers',
  explain(before, after) {
    const now = parseConflicts(after)
    const side = now === null ? null : sideThatIs(now, before)
    if (now !== null && side !== null) return `${placesOf(now)}; ${side} gives the bytes before`
    const earlier = parseConflicts(before)
    const kept = earlier === null ? null : sideThatIs(earlier, after)
    return earlier === null || kept === null ? null : `${placesOf(earlier)} taken out: ${kept} was kept`
  },
}

/** `merge conflict markers at line 3`. */
export function placesOf({ lines }: Conflicts): string {
  const named = lines.slice(0, 3).join(', ')
  const more = lines.length > 3 ? ` and ${counted(lines.length - 3, 'more place')}` : ''
  return `merge conflict markers at line ${named}${more}`
}

/** Null where there is no whole conflict, or half of one. */
export function parseConflicts(bytes: Buffer): Conflicts | null {
  if (!bytes.includes('<<<<<<<')) return null
  const kept = { ours: [] as Buffer[], theirs: [] as Buffer[], base: [] as Buffer[] }
  const lines: number[] = []
  let side: Side = 'all'
  let start = 0
  let number = 0
  for (const { text, end } of linesOf(bytes)) {
    number++
    const line = bytes.subarray(start, start + text.length + (end === null ? 0 : lengthOf[end]))
    start += line.length
    const next = sideAfter(text, side)
    if (next !== null) {
      if (next === 'ours') lines.push(number)
      side = next
    } else if (side === 'all') for (const part of Object.values(kept)) part.push(line)
    else kept[side].push(line)
  }
  if (lines.length === 0 || side !== 'all') return null
  return { lines, ours: Buffer.concat(kept.ours), theirs: Buffer.concat(kept.theirs), base: Buffer.concat(kept.base) }
}

/** Null for a line that is no marker where it stands. */
function sideAfter(line: Buffer, side: Side): Side | null {
  const marker = /^(<{7}|\|{7}|={7}|>{7})(?: |$)/.exec(line.toString('latin1', 0, 8))?.[1]?.[0]
  if (marker === '<' && side === 'all') return 'ours'
  if (marker === '|' && side === 'ours') return 'base'
  if (marker === '=' && (side === 'ours' || side === 'base')) return 'theirs'
  return marker === '>' && side === 'theirs' ? 'all' : null
}

function sideThatIs({ ours, theirs, base }: Conflicts, bytes: Buffer): string | null {
  if (ours.equals(bytes)) return 'our side'
  if (theirs.equals(bytes)) return 'their side'
  return base.equals(bytes) ? 'the common base' : null
}
