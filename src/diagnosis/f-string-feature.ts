import { childOf, nestedFields, nodesBelow, outermostFStrings, spacesBehindConversions } from './python-nodes.ts'
import type { SyntaxNode } from './syntax-tree.ts'

type FStringKind =
  | 'f-string-multiline-field'
  | 'f-string-quote-reuse'
  | 'f-string-backslash'
  | 'f-string-comment'
  | 'f-string-nesting'
  | 'f-string-space-behind-conversion'

/**
 * What in an f-string no interpreter before PEP 701 can read, in the order in which those find it: first what ends the
 * string too early for the tokenizer, then what the fields must not hold. Null when they can read it.
 */
export function fStringKind(string: SyntaxNode, text: string): FStringKind | null {
  const fields = fieldsOf(string)
  const kinds = [
    () => firstKind(fields, field => earlyEnd(field, string, text)),
    () => firstKind(fields, field => forbidden(field, text)),
    () => firstKind(fields, field => (depth(field) > 2 ? 'f-string-nesting' : null)),
    () => firstKind(fields, field => spacedConversion(field, text)),
    () => firstKind(fields, field => nestedKind(field, text)),
  ]
  return firstKind(kinds, kind => kind())
}

function fieldsOf(string: SyntaxNode): SyntaxNode[] {
  return string.children.filter(child => child.type === 'interpolation')
}

/** A line break that ends a single-quoted string, or the quotes that the string itself has. */
function earlyEnd(field: SyntaxNode, string: SyntaxNode, text: string): FStringKind | null {
  const quotes = /['"]+$/.exec(source(childOf(string, 'string_start')!, text))?.[0] ?? '"'
  const stop = quotes.length === 3 ? quotes : `${quotes}|[\\r\\n]`
  const unescaped = source(field, text).replace(/\\(?:\r\n|[\s\S])/g, '')
  const early = new RegExp(stop).exec(unescaped)
  if (early === null) return null
  return early[0] === quotes ? 'f-string-quote-reuse' : 'f-string-multiline-field'
}

/** A backslash or a comment in the expression itself; a format specification may hold both characters. */
function forbidden(field: SyntaxNode, text: string): FStringKind | null {
  for (const expression of expressionsOf(field)) {
    const backslash = text.slice(expression.startIndex, expression.endIndex).indexOf('\\')
    const comment = Array.from(nodesBelow(expression)).find(({ type }) => type === 'comment')
    if (comment !== undefined && (backslash < 0 || comment.startIndex < expression.startIndex + backslash)) {
      return 'f-string-comment'
    }
    if (backslash >= 0) return 'f-string-backslash'
  }
  return null
}

/** What stands between the braces, in the field and in the fields of its format specification. */
function expressionsOf(field: SyntaxNode): SyntaxNode[] {
  const own = field.children.filter(child => child.type !== 'format_specifier')
  return [...own, ...nestedFields(field).flatMap(expressionsOf)]
}

/** How many fields stand in one another: 1 for a field without fields in its format specification. */
function depth(field: SyntaxNode): number {
  return 1 + Math.max(0, ...nestedFields(field).map(depth))
}

function spacedConversion(field: SyntaxNode, text: string): FStringKind | null {
  return spacesBehindConversions(field, text).length > 0 ? 'f-string-space-behind-conversion' : null
}

function nestedKind(field: SyntaxNode, text: string): FStringKind | null {
  return firstKind(outermostFStrings(field, text), string => fStringKind(string, text))
}

function firstKind<Item, Kind>(items: readonly Item[], kindOf: (item: Item) => Kind | null): Kind | null {
  for (const item of items) {
    const kind = kindOf(item)
    if (kind !== null) return kind
  }
  return null
}

function source(node: SyntaxNode, text: string): string {
  return text.slice(node.startIndex, node.endIndex)
}
