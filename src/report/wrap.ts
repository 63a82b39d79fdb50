import { stripVTControlCharacters } from 'node:util'
import type { Style } from './style.ts'

/** Columns that a line may take: wider ones are hard to read, and many logs cut them. */
export function widest({ columns }: Style): number {
  return Math.min(100, columns)
}

/** A sentence over as many lines as it takes, the first behind `first` and the others behind `rest`. Words are never cut. */
export function wrap(style: Style, text: string, first = '', rest = first): string[] {
  return within(widest(style), text, { first, rest })
}

/** The same of what is one line for whoever searches it: only a terminal that would break it has it broken, between words. */
export function fitted({ columns }: Style, text: string, first = '', rest = first): string[] {
  return within(columns, text, { first, rest })
}

function within(
  most: number,
  text: string,
  { first, rest }: { readonly first: string; readonly rest: string },
): string[] {
  const lines: string[] = []
  let line = first
  let isEmpty = true
  for (const word of text.split(' ')) {
    if (!isEmpty && shownLength(line) + 1 + shownLength(word) > most) {
      lines.push(line)
      line = rest
      isEmpty = true
    }
    line += isEmpty ? word : ` ${word}`
    isEmpty = false
  }
  return [...lines, line]
}

/** Without colours. */
function shownLength(text: string): number {
  return stripVTControlCharacters(text).length
}
