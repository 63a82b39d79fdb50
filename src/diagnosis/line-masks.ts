import { lineAt, lineStarts } from './lines.ts'
import { blank, type Mask, type Patch, placeholder, plainHeader } from './mask.ts'

/**
 * Masks that need no tree, for a place of which the parser can make nothing: what its line holds of a header
 * and its suite; the line; that and the deeper ones below it.
 */
export function lineMasks(text: string, place: number): Mask[] {
  const starts = lineStarts(text)
  const line = lineAt(starts, place)
  const own = contentOf(text, starts, line)
  const block = contentOf(text, starts, lastOfBlock(text, starts, line, 1))
  return [
    text[own.end - 1] === ':' ? plainHeader(text, own.start, own.end) : null,
    ofOneLine(text, own, place),
    placeholder(text, own.start, own.end),
    block.end > own.end ? placeholder(text, own.start, block.end) : null,
  ].flatMap(patch => (patch === null ? [] : [[patch]]))
}

/**
 * Where a line holds a header and its suite, or several statements, the one of these that the place is in: what else is there has
 * errors of its own, and without the header a clause below belongs to nothing.
 */
function ofOneLine(text: string, { start, end }: { start: number; end: number }, place: number): Patch | null {
  const line = text.slice(start, end)
  const colon = opensSuite.test(line) ? (closedBefore(line, ':')[0] ?? line.length - 1) : -1
  // The colon of a lambda opens no suite.
  if (colon === line.length - 1 || /\blambda\b/.test(line.slice(0, Math.max(0, colon)))) return null
  if (place <= start + colon) return plainHeader(text, start, start + colon + 1)
  const ends = [colon, ...closedBefore(line, ';').filter(index => index > colon), line.length]
  const next = ends.findIndex(index => start + index >= place)
  const [from, to] = [start + ends[next - 1]! + 1, start + ends[next]!]
  const statement = text.slice(from, to)
  const isAll = from === start && to === end
  return isAll ? null : placeholder(text, to - statement.trimStart().length, from + statement.trimEnd().length)
}

const opensSuite = /^(?:if|elif|else|for|while|try|except|finally|with|async|case|def|class)\b/

/** Where in a line this character stands outside of brackets and strings. */
function closedBefore(line: string, character: ':' | ';'): number[] {
  const all = Array.from({ length: line.length }, (_, index) =>
    line[index] === character && line[index + 1] !== '=' ? index : -1,
  )
  return all.filter(index => index >= 0 && isClosed(line.slice(0, index)))
}

/** For an indentation that is wrong: the header above that has no suite, or the lines that no header opens. */
export function indentationMasks(text: string, place: number): Mask[] {
  const starts = lineStarts(text)
  const line = lineAt(starts, place)
  const { end } = contentOf(text, starts, lastOfBlock(text, starts, line, 0))
  const before = lineBefore(text, starts, line)
  const header = before === undefined ? null : placeholder(text, before.start, before.end)
  return [...(header === null ? [] : [[header]]), [blank(text, contentOf(text, starts, line).start, end)]]
}

/** The header and its suite that end above the place's line: a `try` that lacks its `except` is noticed only behind it. */
export function suiteAboveMask(text: string, place: number): Mask {
  const starts = lineStarts(text)
  const line = lineAt(starts, place)
  const indentation = indentationOf(text, starts, line)
  for (let number = line - 1; number >= 1; number--) {
    const content = contentOf(text, starts, number)
    if (isBlank(content) || indentationOf(text, starts, number) > indentation) continue
    const { end } = contentOf(text, starts, lastOfBlock(text, starts, number, 1))
    const suite = end > content.end ? placeholder(text, content.start, end) : null
    return suite === null ? [] : [suite]
  }
  return []
}

/** From the beginning of the place's line to the end of the text. */
export function restMask(text: string, place: number): Mask {
  const starts = lineStarts(text)
  const { start } = contentOf(text, starts, lineAt(starts, place))
  const rest = placeholder(text, start, text.trimEnd().length)
  return rest === null ? [] : [rest]
}

/** What a line holds between its indentation and the white space at its end. */
function contentOf(text: string, starts: readonly number[], line: number): { start: number; end: number } {
  const content = text.slice(starts[line - 1], starts[line]).trimEnd()
  const end = starts[line - 1]! + content.length
  return { start: end - content.trimStart().length, end }
}

function isBlank({ start, end }: { start: number; end: number }): boolean {
  return start === end
}

/** The last line above that holds something. */
function lineBefore(text: string, starts: readonly number[], line: number): { start: number; end: number } | undefined {
  for (let number = line - 1; number >= 1; number--) {
    const content = contentOf(text, starts, number)
    if (!isBlank(content)) return content
  }
  return undefined
}

/** The last of the lines from this one on that are indented deeper by at least so many characters. */
function lastOfBlock(text: string, starts: readonly number[], line: number, deeper: number): number {
  const indentation = indentationOf(text, starts, line) + deeper
  let last = line
  for (let number = line + 1; number <= starts.length; number++) {
    if (isBlank(contentOf(text, starts, number))) continue
    if (indentationOf(text, starts, number) < indentation) break
    last = number
  }
  return last
}

/** In characters. */
function indentationOf(text: string, starts: readonly number[], line: number): number {
  return contentOf(text, starts, line).start - starts[line - 1]!
}

/** The line that an offset is in, without indentation and line ending. */
export function lineOf(text: string, place: number): string {
  const starts = lineStarts(text)
  const { start, end } = contentOf(text, starts, lineAt(starts, place))
  return text.slice(start, end)
}

/** True when a line is part of something longer, as far as can be told without knowing its strings. */
export function hasLooseBrackets(line: string): boolean {
  const depths = bracketDepths(line)
  return depths.at(-1) !== 0 || depths.includes(-1)
}

/** True for a piece of one line in which every bracket and every string is closed. */
export function isClosed(source: string): boolean {
  const withoutStrings = source.replaceAll(/(['"])(?:(?!\1)[^\\\r\n])*\1/g, '')
  return !/['"\\#\r\n]/.test(withoutStrings) && !hasLooseBrackets(withoutStrings)
}

/** True when a line break stands in no brackets, with the same reservation. */
export function hasOpenLineBreak(source: string): boolean {
  let depth = 0
  return source
    .split(/(?<!\\)[\r\n]/)
    .slice(0, -1)
    .some(line => {
      depth += bracketDepths(line).at(-1)!
      return depth <= 0
    })
}

/** How deep in brackets: at the start, which counts as 0, and behind each bracket. */
function bracketDepths(source: string): number[] {
  const depths = [0]
  for (const [bracket] of source.matchAll(/[()[\]{}]/g))
    depths.push(depths.at(-1)! + ('([{'.includes(bracket) ? 1 : -1))
  return depths
}

/** True when a mask holds one end of a triple-quoted string and not the other. */
export function cutsString(text: string, mask: Mask): boolean {
  const covered = mask.map(patch => text.slice(patch.start, patch.start + patch.text.length)).join('')
  return ['"""', "'''"].some(quotes => covered.split(quotes).length % 2 === 0)
}
