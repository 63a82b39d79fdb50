/** Part of a text and what stands in for it: as many UTF-16 units, with line breaks at the same places. */
export interface Patch {
  readonly start: number
  readonly text: string
}

/** What takes one construct out of a text, so that an interpreter can look past it. Patches do not overlap. */
export type Mask = readonly Patch[]

/** Offsets and lines of the rest stay as they are. */
export function applyMask(text: string, mask: Mask): string {
  let [result, end] = ['', 0]
  for (const patch of mask.toSorted((a, b) => a.start - b.start)) {
    result += text.slice(end, patch.start) + patch.text
    end = patch.start + patch.text.length
  }
  return result + text.slice(end)
}

/** Just behind the last character that is masked. */
export function maskEnd(mask: Mask): number {
  return Math.max(...mask.map(patch => patch.start + patch.text.length))
}

export function isMasked(mask: Mask, offset: number): boolean {
  return mask.some(({ start, text }) => offset >= start && offset < start + text.length)
}

/** True when a mask would leave only a part of an earlier one in the text. */
export function cutsMask(mask: Mask, earlier: Mask): boolean {
  return mask.some(({ start, text: { length } }) =>
    earlier.some(({ start: from, text: { length: size } }) => {
      const overlaps = start < from + size && from < start + length
      return overlaps && (from < start || from + size > start + length)
    }),
  )
}

/** Spaces, and the line breaks. */
export function blank(text: string, start: number, end: number): Patch {
  return { start, text: text.slice(start, end).replaceAll(/[^\r\n]/g, ' ') }
}

/** `open`, spaces and line breaks, `close`; null when these do not fit on the first and the last line of the range. */
export function framed(
  text: string,
  start: number,
  end: number,
  [open, close]: readonly [string, string],
): Patch | null {
  const room = blank(text, start, end).text
  if (room.length < open.length + close.length) return null
  const inside = room.slice(open.length, room.length - close.length)
  const taken = room.slice(0, open.length) + room.slice(room.length - close.length)
  return /[\r\n]/.test(taken) ? null : { start, text: open + inside + close }
}

/** An empty tuple, which may stand wherever an expression or a statement may; a number where there is no room for it. */
export function placeholder(text: string, start: number, end: number): Patch | null {
  return framed(text, start, end, ['(', ')']) ?? framed(text, start, end, ['0', ''])
}

/** A plain string. */
export function plainString(text: string, start: number, end: number): Patch | null {
  if (!/[\r\n]/.test(text.slice(start, end))) return framed(text, start, end, ["'", "'"])
  // The second form is for a last line of two characters, `}'`: it cannot stand in an implicit concatenation.
  return framed(text, start, end, ["'''", "'''"]) ?? framed(text, start, end, ["(''", ')'])
}

/** Short headers of the same kind, so that `return`, `break` and `else` below them stay where they belong. */
const plainHeaders: Readonly<Record<string, readonly [string, string]>> = {
  async: ['async def _(', '):'],
  def: ['def _(', '):'],
  class: ['class _(', '):'],
  for: ['while(1', '):'],
  while: ['while(1', '):'],
  elif: ['elif(1', '):'],
  except: ['except(0', '):'],
  else: ['else', ':'],
  try: ['try', ':'],
  finally: ['finally', ':'],
  if: ['if(1', '):'],
  with: ['if(1', '):'],
  match: ['if(1', '):'],
  case: ['if(1', '):'],
}

/** A header, from its keyword to behind its colon, that says nothing; null for a word that opens nothing known. */
export function plainHeader(text: string, start: number, end: number): Patch | null {
  const [, keyword = '', next] = /^(\w+)\s*(\w*)/.exec(text.slice(start, start + 40)) ?? []
  const opener = keyword === 'async' && next !== 'def' ? (next ?? '') : keyword
  return Object.hasOwn(plainHeaders, opener) ? framed(text, start, end, plainHeaders[opener]!) : null
}
