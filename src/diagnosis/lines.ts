import type { Position } from '../model/verdict.ts'

/** Where each line begins, in UTF-16 units. Lines end as Python has it: LF, CR LF or a lone CR. */
export function lineStarts(text: string): number[] {
  if (text.includes('\r'))
    return [0, ...Array.from(text.matchAll(/\r\n|\r|\n/g), match => match.index + match[0].length)]
  // A tenth of the time, for the files that nearly all are.
  const starts = [0]
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) starts.push(end + 1)
  return starts
}

/** The line that an offset is in, 1-based. */
export function lineAt(starts: readonly number[], offset: number): number {
  let [low, high] = [0, starts.length]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (starts[middle]! <= offset) low = middle
    else high = middle
  }
  return low + 1
}

/** The place of an offset in `text`, whose lines begin at `starts`. */
export function positionAt(text: string, starts: readonly number[], offset: number): Position {
  const line = lineAt(starts, offset)
  return { line, column: codePoints(text.slice(starts[line - 1]!, offset)) + 1 }
}

/** The offset of a place, which is moved into the text where it lies behind the end of its line or of the text. */
export function offsetAt(text: string, starts: readonly number[], { line, column }: Position): number {
  const start = starts[line - 1]
  if (start === undefined) return text.length
  const content = /^[^\r\n]*/.exec(text.slice(start, starts[line]))![0]
  let [offset, left] = [0, column - 1]
  for (const character of content) {
    if (left-- <= 0) break
    offset += character.length
  }
  return start + offset
}

export function codePoints(text: string): number {
  let count = 0
  for (const _ of text) count += 1
  return count
}
