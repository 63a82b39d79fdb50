import type { Change } from './change.ts'
import { type LineEnd, linesOf } from './line-ends.ts'
import { counted } from './text.ts'

interface Line {
  readonly text: Buffer
  readonly end: LineEnd | null
}

/** Blanks at the ends of lines, and blank lines or a line break at the end of the file. */
export const trailingWhitespace: Change = {
  kind: 'trailing-whitespace',
  explain(before, after) {
    const [was, is] = [[...linesOf(before)], [...linesOf(after)]]
    const [end, lastEnd] = [was, is].map(lastWithText) as [number, number]
    if (end !== lastEnd) return null
    let changed = 0
    for (let i = 0; i <= end; i++) {
      const [a, b] = [was[i]!, is[i]!]
      if (!trimmed(a).equals(trimmed(b)) || (a.end !== b.end && i < end)) return null
      if (a.text.length !== b.text.length || !a.text.equals(b.text)) changed++
    }
    const parts = [
      ...(changed > 0 ? [`blanks at the end of ${counted(changed, 'line')}`] : []),
      ...(tail(was, end) !== tail(is, end) ? ['blank lines or a line break at the end of the file'] : []),
    ]
    return `only ${parts.join(' and ')} differ`
  },
}

/** The last line that is not blank; -1 when all are. */
function lastWithText(lines: readonly Line[]): number {
  return lines.findLastIndex(line => trimmed(line).length > 0)
}

/** What stands behind the text of the last line that has one. */
function tail(lines: readonly Line[], last: number): string {
  const rest = lines.slice(Math.max(0, last))
  return JSON.stringify(rest.map(({ text, end }, i) => [i === 0 && last >= 0 ? '' : text.toString('latin1'), end]))
}

function trimmed({ text }: Line): Buffer {
  let end = text.length
  while (end > 0 && isBlank(text[end - 1]!)) end--
  return text.subarray(0, end)
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0c || byte === 0x0b
}
