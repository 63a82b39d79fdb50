import type { Feature, Site } from '../model/finding.ts'
import type { Position } from '../model/verdict.ts'
import { codePoints, lineStarts, offsetAt } from './lines.ts'
import type { Break } from './look.ts'

/** The site of a break in a masked `text`, at its place in the original. */
export function siteOf(
  { at, end, message }: Break,
  { original, text, feature }: { original: string; text: string; feature: Feature | null },
): Site {
  const unmasked = (position: Position | null) =>
    position === null ? null : unmaskedPosition(position, original, text)
  return { start: unmasked(at), end: unmasked(end), message, feature, suggestion: null }
}

/** In the order of the file; those without a place come first. */
export function orderSites(sites: readonly Site[]): Site[] {
  return sites.toSorted(
    ({ start: a }, { start: b }) => (a?.line ?? 0) - (b?.line ?? 0) || (a?.column ?? 0) - (b?.column ?? 0),
  )
}

/** A mask has as many UTF-16 units as what it masks, so on its line it may have more code points. */
function unmaskedPosition(position: Position, original: string, text: string): Position {
  if (original === text) return position
  const starts = lineStarts(text)
  const offset = offsetAt(text, starts, position)
  const start = starts[position.line - 1] ?? offset
  const shift = codePoints(original.slice(start, offset)) - codePoints(text.slice(start, offset))
  return { line: position.line, column: position.column + shift }
}
