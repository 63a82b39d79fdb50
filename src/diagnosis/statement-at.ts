import { statementMask } from './candidates.ts'
import { hasOpenLineBreak } from './line-masks.ts'
import type { Look } from './look.ts'
import { applyMask, type Mask, maskEnd, placeholder } from './mask.ts'
import { isFString, nodesAt, nodesBelow, runsAway } from './python-nodes.ts'
import type { SyntaxNode } from './syntax-tree.ts'

/** A statement, header or decorator as the parser sees it. */
export interface Statement {
  readonly mask: Mask
  /** True when the parser was at a loss there and took several lines, or only a part of one, for one statement. */
  readonly isGuess: boolean
}

/** What holds a place, and what masks it; null where it is not known how far that goes. */
export function statementAt({ parsed, text }: Look, place: number): Statement | null {
  const path = nodesAt(parsed.root, place)
  const mask = statementMask(path, text, place)
  if (mask === null) return null
  const [start, end] = [mask[0]!.start, maskEnd(mask)]
  const behind = restOfLine(text, end)
  if (behind !== '') {
    const longer = placeholder(text, start, end + behind.length)
    return longer && { mask: [longer], isGuess: true }
  }
  const statement = path.findLast(node => node.startIndex <= start && node.endIndex >= end)!
  const nodes = Array.from(nodesBelow(statement, node => node.startIndex >= end)).filter(node => node.startIndex < end)
  const isLost = [...path, ...nodes].some(({ type, isMissing }) => type === 'ERROR' || isMissing)
  if (isLost && nodes.some(node => isFString(node, text) && runsAway(node, text))) return null
  const source = isLost ? text.slice(start, end) : withoutStrings(nodes, text, end).slice(start)
  return { mask, isGuess: hasOpenLineBreak(source) }
}

/** What stands between the end of a statement and that of its line and is no comment, nor a statement of its own. */
function restOfLine(text: string, end: number): string {
  if (text[end - 1] === ':') return ''
  return /^[ \t\f]*([^\s;#\\][^\r\n]*)?/.exec(text.slice(end))![0].trimEnd()
}

/** The text up to an offset with all strings and comments blank: in those, line breaks and brackets mean nothing. */
function withoutStrings(nodes: readonly SyntaxNode[], text: string, end: number): string {
  const blanks: { start: number; text: string }[] = []
  for (const { type, startIndex, endIndex } of nodes) {
    const isInside = startIndex < (blanks.at(-1)?.start ?? 0) + (blanks.at(-1)?.text.length ?? 0)
    if ((type === 'string' || type === 'comment') && !isInside)
      blanks.push({ start: startIndex, text: ' '.repeat(endIndex - startIndex) })
  }
  return applyMask(text.slice(0, end), blanks)
}
