import type { Site } from '../model/finding.ts'
import type { Verdict } from '../model/verdict.ts'
import type { Construct } from './features.ts'
import { lineAt, lineStarts, offsetAt } from './lines.ts'
import type { Mask } from './mask.ts'
import { outermostFStrings, runsAway } from './python-nodes.ts'
import type { Syntax } from './syntax.ts'
import type { SyntaxNode } from './syntax-tree.ts'

export type Break = Verdict & { readonly kind: 'breaks' }

/** A text and its tree. Masks keep every offset, so the tree also serves for the text after further masks. */
export interface Parsed {
  readonly text: string
  readonly root: SyntaxNode
  /** Those in no other, in the order of the text; none of which it is not known where it ends. */
  readonly fStrings: readonly SyntaxNode[]
}

/** How things stand between two questions. */
export interface Look {
  readonly original: string
  /** The original with what was found so far masked: as long, and with the same lines. */
  readonly text: string
  /** What stands in `text` for parts of the original. */
  readonly masked: Mask
  /** The interpreter's verdict on `text`. */
  readonly current: Break
  /** Of `text`, or of an earlier one. */
  readonly parsed: Parsed
  readonly ask: (text: string) => Promise<Verdict>
  readonly parse: (text: string) => Parsed
  readonly version: string
}

/** A site and what stands in for it. */
export interface FoundSite {
  readonly site: Site
  /** What it is; null where that is not known. */
  readonly construct: Construct | null
  readonly mask: Mask
}

/** What one step of the search came to. */
export interface Step {
  readonly sites: readonly FoundSite[]
  /** What takes those sites out. */
  readonly mask: Mask
  /** The interpreter's verdict on the text with the mask. */
  readonly next: Verdict
  readonly parsed: Parsed
  /** True when the mask may hide further sites. */
  readonly hides: boolean
}

export function parseText(syntax: Syntax, text: string): Parsed {
  const known = text
    // For tree-sitter a lone carriage return is white space, for Python it ends a line.
    .replaceAll(/\r(?!\n)/g, '\n')
    // The grammar knows no template strings; they are read as f-strings are. Within a string or a comment it makes no difference.
    .replaceAll(/(?<!\w)(r?)t(r?)(?=['"])/gi, '$1f$2')
  const root = syntax.parse(known)
  return { text, root, fStrings: outermostFStrings(root, text).filter(node => !runsAway(node, text)) }
}

/**
 * The offset of the character that a break's position means: where that is white space or behind the end, the one
 * before it on the line, or else the next one. Null when there is no position.
 */
export function placeOf({ at }: Break, text: string): number | null {
  if (at === null) return null
  const starts = lineStarts(text)
  const offset = offsetAt(text, starts, at)
  if (/\S/.test(text.charAt(offset))) return offset
  const start = offset >= text.trimEnd().length ? 0 : starts[lineAt(starts, offset) - 1]!
  const before = text.slice(start, offset).trimEnd()
  if (before !== '') return start + before.length - 1
  return Math.max(0, text.length - text.slice(offset).trimStart().length)
}

/** True when the interpreter says the same of the same place. */
export function sameVerdict(a: Verdict, b: Verdict): boolean {
  if (a.kind !== 'breaks' || b.kind !== 'breaks') return a.kind === b.kind
  return a.message === b.message && samePlace(a, b)
}

export function samePlace(a: Break, b: Break): boolean {
  return a.at?.line === b.at?.line && a.at?.column === b.at?.column
}
