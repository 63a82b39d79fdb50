import type { LogLine } from './log-lines.ts'

/** What CPython 3.11 and later print before a group of exceptions, behind its own margin. */
const groupHeader = /^\s*\+ Exception Group Traceback \(most recent call last\):$/
/** `  +-+---------------- 1 ----------------` before each of the exceptions in a group, with `...` for those left out. */
const numbered = /^\s*\+-(?:\+-)?-+ (?:\d+|\.\.\.) -+$/
/** What stands before every other line, further to the right for a group in a group. */
const margin = /^\s*\| ?/
const close = /^\s*\+-+$/

/**
 * Lines of a group of exceptions as those of so many tracebacks: without the margin, and with the first line of a traceback
 * for the group's own and for what divides the exceptions in it, of which some have no other. All other lines as they are.
 */
export function withoutMargins(lines: readonly LogLine[], header: string): LogLine[] {
  let isGroup = false
  return lines.map(line => {
    if (groupHeader.test(line.text) || numbered.test(line.text)) {
      isGroup = true
      return { ...line, text: header }
    }
    if (!isGroup) return line
    if (close.test(line.text)) return { ...line, text: '' }
    if (margin.test(line.text)) return { ...line, text: line.text.replace(margin, '') }
    // A line of another process may stand between; the next traceback without a margin is of no group.
    if (line.text.trim() === header) isGroup = false
    return line
  })
}
