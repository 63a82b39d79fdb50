import { childOf, nestedFields, nodesBelow, spacesBehindConversions } from '../python-nodes.ts'
import type { SyntaxNode } from '../syntax-tree.ts'
import type { Edit, Place, Rewrite } from './edit.ts'
import { takeOut } from './take-out.ts'

const withoutComments = 'take the comment out of the field'

/** Ways to write an f-string as it was before PEP 701, the one that changes least first. */
export function* fStringRewrites(place: Place): Generator<Rewrite> {
  const { node, text } = place
  // `{a=}` prints its own source, which must stay what it is.
  const isDebug = fieldsOf(node).some(field => childOf(field, '=') !== undefined)
  if (!isDebug) yield* inPlace(place)
  const tripled = commentsOf(node).length > 0 ? null : tripleQuotes(node, text)
  if (tripled !== null) yield rewrite(['put triple quotes around the f-string'], tripled)
  if (!isDebug) yield* takenOut(place)
}

/** The values that are in the way before the statement, without the comments of the fields. */
function* takenOut(place: Place): Generator<Rewrite> {
  const { node, text } = place
  const values = valuesOf(node, text)
  const edits = takeOut(values, place)
  if (edits === null) return
  const isTaken = ({ startIndex }: SyntaxNode) =>
    values.some(each => each.startIndex <= startIndex && startIndex < each.endIndex)
  const comments = commentsOf(node).filter(comment => !isTaken(comment))
  const advice = [...(comments.length > 0 ? [withoutComments] : []), 'give the value a name on the line before']
  const all = [...edits, ...comments.map(comment => withoutComment(comment, text))]
  yield { ...rewrite(advice, all), keepsTree: false }
}

function* inPlace({ node, text }: Place): Generator<Rewrite> {
  const comments = commentsOf(node)
  const joined = isTriple(node, text) ? null : joinLines(node, text)
  const spaces = spacesIn(node, text)
  const untidy = [...comments.map(comment => withoutComment(comment, text)), ...(joined ?? []), ...spaces]
  const tidy = [
    comments.length > 0 ? withoutComments : null,
    joined !== null && joined.length > 0 ? 'write the field on one line' : null,
    spaces.length > 0 ? 'leave the white space behind the conversion out' : null,
  ].filter(each => each !== null)
  const swapped = swapQuotes(node, text)
  if (swapped !== null && swapped.length > 0)
    yield rewrite([...tidy, 'use the other quotes inside the field'], [...untidy, ...swapped])
  if (tidy.length > 0) yield rewrite(tidy, untidy)
}

function rewrite(advice: readonly string[], edits: readonly Edit[]): Rewrite {
  return {
    advice: advice.join(', and '),
    edits: [...edits].sort((a, b) => a.start - b.start || a.end - b.end),
    keepsTree: true,
  }
}

function fieldsOf(string: SyntaxNode): SyntaxNode[] {
  return string.children.filter(({ type }) => type === 'interpolation')
}

/** The expressions of its fields that hold what an older version does not take there; where none does, all but plain names. */
function valuesOf(string: SyntaxNode, text: string): SyntaxNode[] {
  const quote = quotesOf(string, text)[0] ?? '"'
  const values = fieldsOf(string).flatMap(expressionsOf)
  const guilty = values.filter(({ startIndex, endIndex }) => {
    const source = text.slice(startIndex, endIndex)
    return source.includes(quote) || /[\\#\r\n]/.test(source)
  })
  return guilty.length > 0 ? guilty : values.filter(({ type }) => type !== 'identifier')
}

/** That of the field itself, and those of the fields in its format. */
function expressionsOf(field: SyntaxNode): SyntaxNode[] {
  const own = field.children.slice(1).find(({ type }) => type !== 'comment')
  return [...(own === undefined ? [] : [own]), ...nestedFields(field).flatMap(expressionsOf)]
}

/** Its quotes: one or three characters. */
function quotesOf(string: SyntaxNode, text: string): string {
  const { startIndex, endIndex } = childOf(string, 'string_start')!
  return /['"]+$/.exec(text.slice(startIndex, endIndex))?.[0] ?? ''
}

function isTriple(string: SyntaxNode, text: string): boolean {
  return quotesOf(string, text).length === 3
}

function commentsOf(string: SyntaxNode): SyntaxNode[] {
  return fieldsOf(string).flatMap(field => Array.from(nodesBelow(field)).filter(({ type }) => type === 'comment'))
}

function withoutComment({ startIndex, endIndex }: SyntaxNode, text: string): Edit {
  const before = /[ \t]*$/.exec(text.slice(0, startIndex))![0].length
  return { start: startIndex - before, end: endIndex, text: '' }
}

/** Every line break inside a field, with the white space around it, becomes a space; null where one is part of a string. */
function joinLines(string: SyntaxNode, text: string): Edit[] | null {
  const edits: Edit[] = []
  for (const field of fieldsOf(string)) {
    const source = text.slice(field.startIndex, field.endIndex)
    const strings = Array.from(nodesBelow(field)).filter(({ type }) => type === 'string')
    for (const { index, 0: gap } of source.matchAll(/[ \t]*\\?(?:\r\n|\r|\n)\s*/g)) {
      const start = field.startIndex + index
      if (strings.some(({ startIndex, endIndex }) => startIndex < start && start < endIndex)) return null
      const isAtBracket = /[([{]$/.test(source.slice(0, index)) || /^[)\]}]/.test(source.slice(index + gap.length))
      edits.push({ start, end: start + gap.length, text: isAtBracket ? '' : ' ' })
    }
  }
  return edits
}

/** That behind conversions; where lines are joined, line breaks are seen to there. */
function spacesIn(string: SyntaxNode, text: string): Edit[] {
  return fieldsOf(string)
    .flatMap(field => spacesBehindConversions(field, text))
    .filter(({ start, end }) => isTriple(string, text) || !/[\r\n]/.test(text.slice(start, end)))
    .map(range => ({ ...range, text: '' }))
}

/** The strings in its fields that have its own quotes get the other ones; null where a string holds those. */
function swapQuotes(string: SyntaxNode, text: string): Edit[] | null {
  const quotes = quotesOf(string, text)
  const edits: Edit[] = []
  for (const field of fieldsOf(string)) {
    for (const inner of Array.from(nodesBelow(field)).filter(({ type }) => type === 'string')) {
      const own = quotesOf(inner, text)
      if (own[0] !== quotes[0]) continue
      const other = (own[0] === '"' ? "'" : '"').repeat(own.length)
      const [start, end] = [childOf(inner, 'string_start')!, childOf(inner, 'string_end')!]
      if (text.slice(start.endIndex, end.startIndex).includes(other[0]!)) return null
      edits.push({ start: start.endIndex - own.length, end: start.endIndex, text: other })
      edits.push({ start: end.startIndex, end: end.endIndex, text: other })
    }
  }
  return edits
}

function tripleQuotes(string: SyntaxNode, text: string): Edit[] | null {
  const quotes = quotesOf(string, text)
  const end = childOf(string, 'string_end')
  if (quotes.length !== 1 || end === undefined) return null
  const start = childOf(string, 'string_start')!
  return [
    { start: start.endIndex - 1, end: start.endIndex, text: quotes.repeat(3) },
    { start: end.startIndex, end: end.endIndex, text: quotes.repeat(3) },
  ]
}
