import type { SyntaxNode } from '../syntax-tree.ts'

/** A range of a text, in UTF-16 units, and what is to stand there. An empty range inserts. */
export interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** A way to write one construct that older versions take as well; whether it works is for an interpreter to say. */
export interface Rewrite {
  /** As an order, for a person: `use the other quotes inside the field`. */
  readonly advice: string
  /** In the order of the text; they do not overlap. */
  readonly edits: readonly Edit[]
  /** Whether the syntax tree stays as it was, so that it can be compared. */
  readonly keepsTree: boolean
}

/** A construct and where it stands. */
export interface Place {
  readonly node: SyntaxNode
  /** The nodes that hold `node`, from the root down. */
  readonly above: readonly SyntaxNode[]
  /** The whole source. */
  readonly text: string
  /** Names that nothing in the source has, each given once. */
  readonly names: Iterator<string, never>
}

/** Of edits in the order of the text that do not overlap. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let [result, done] = ['', 0]
  for (const { start, end, text: put } of edits) {
    result += text.slice(done, start) + put
    done = end
  }
  return result + text.slice(done)
}

/** Puts brackets around a range. */
export function bracketed(start: number, end: number, [open, close]: readonly [string, string]): Edit[] {
  return [
    { start, end: start, text: open },
    { start: end, end, text: close },
  ]
}
