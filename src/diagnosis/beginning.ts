import { beginsStatement } from './sections.ts'

/** The beginning of a text that an interpreter was seen to parse, up to a line at which a statement may stand. */
export interface Beginning {
  readonly text: string
  /** What can stand in for it, with the same line breaks. */
  readonly short: string
  /** Of that line; empty for a statement of the top level. */
  readonly indentation: string
}

/** For a text of which nothing was parsed yet. */
export const nothing: Beginning = { text: '', short: '', indentation: '' }

/** Whether a text begins so, and goes on with a statement there. */
export function follows(text: string, beginning: Beginning): boolean {
  const { length } = beginning.text
  return length === 0 || (text.startsWith(beginning.text) && beginsStatement(text, length, beginning.indentation))
}

/** A longer beginning of the same text: with the statements of the top level up to this offset. */
export function withStatements({ text: { length }, short }: Beginning, text: string, end: number): Beginning {
  const more = text.slice(length, end)
  // What the parser may have to know: the coding cookie and the imports of the future.
  const head = more.includes('__future__') ? more : commentLines(more)
  return { text: text.slice(0, end), short: short + head + lineBreaks(more.slice(head.length)), indentation: '' }
}

/**
 * A longer beginning of the same text: with the class or function behind it up to this offset, which is in its block. Null where
 * it may be in the block of another statement below, or where the parser may have to know more of it than the header.
 */
export function withBlock(
  outer: Beginning,
  text: string,
  end: number,
  { header, indentation }: Block,
): Beginning | null {
  const body = text.slice(outer.text.length + header.length, end)
  // A form feed sets the indentation back.
  if (/^(?:[^\s#]|[ \t]*\f)/m.test(body) || body.includes('__future__')) return null
  return { text: text.slice(0, end), short: outer.short + header + lineBreaks(body), indentation }
}

export interface Block {
  /** One line, with its decorators. */
  readonly header: string
  /** Of what is below. */
  readonly indentation: string
}

/** The class or function at the beginning of a text, if it has a header of one line as far as that can be told. */
export function blockAt(text: string): Block | null {
  const header = /^(?:@[^\r\n]*(?:\r\n?|\n))*(?:class|def)\b[^\r\n]*:[ \t]*(?:\r\n?|\n)/.exec(text)?.[0] ?? ''
  const [, indentation = ''] = /^(?:[ \t\f]*(?:#[^\r\n]*)?(?:\r\n?|\n))*([ \t]*)/.exec(text.slice(header.length))!
  return header === '' || indentation === '' ? null : { header, indentation }
}

/** Those of the first two lines that hold no code. */
export function commentLines(text: string): string {
  return /^(?:[ \t\f]*(?:#[^\r\n]*)?(?:\r\n?|\n)){0,2}/.exec(text)![0]
}

function lineBreaks(text: string): string {
  return text.replaceAll(/[^\r\n]+/g, '')
}
