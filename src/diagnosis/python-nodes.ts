import type { SyntaxNode } from './syntax-tree.ts'

/** The nodes that hold an offset, from the root to the smallest. */
export function nodesAt(root: SyntaxNode, offset: number): SyntaxNode[] {
  const path: SyntaxNode[] = []
  for (let node: SyntaxNode | undefined = root; node !== undefined; ) {
    path.push(node)
    node = node.children.find(child => child.startIndex <= offset && offset < child.endIndex)
  }
  return path
}

/**
 * A node and all below it, in the order of the text; nothing below those that are `closed`. Not recursive: a sum of
 * 200,000 terms is as deep as it is long.
 */
export function* nodesBelow(
  root: SyntaxNode,
  closed: (node: SyntaxNode) => boolean = () => false,
): Generator<SyntaxNode> {
  const waiting = [root]
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    yield node
    if (!closed(node)) for (const child of node.children.toReversed()) waiting.push(child)
  }
}

/** The f-strings that lie in no other, in the order of the text. */
export function outermostFStrings(root: SyntaxNode, text: string): SyntaxNode[] {
  const isOne = (node: SyntaxNode) => isFString(node, text)
  return Array.from(nodesBelow(root, isOne)).filter(isOne)
}

export function isFString(node: SyntaxNode, text: string): boolean {
  return node.type === 'string' && /^[rR]?[fF]/.test(text.slice(node.startIndex, node.startIndex + 2))
}

/**
 * True for an f-string of one pair of quotes that the parser has go on for lines, though it might end on its first: a field that
 * nothing closes takes in all that follows.
 */
export function runsAway(node: SyntaxNode, text: string): boolean {
  const [first = '', ...more] = text.slice(node.startIndex, node.endIndex).split(/[\r\n]+/)
  const quote = /^\w*(['"])(?!\1\1)/.exec(first)
  return quote !== null && more.length > 0 && first.indexOf(quote[1]!, quote[0].length) >= 0 && hasError(node)
}

export function isTemplateString(node: SyntaxNode, text: string): boolean {
  return node.type === 'string' && /^(?:r?t|tr)['"]/i.test(text.slice(node.startIndex, node.startIndex + 3))
}

/** The clauses of a `try` that are `except*`; the grammar takes one with white space before the star for another. */
export function exceptGroups(statement: SyntaxNode, text: string): SyntaxNode[] {
  if (statement.type !== 'try_statement') return []
  const isOne = ({ startIndex, endIndex }: SyntaxNode) => /^except\s*\*/.test(text.slice(startIndex, endIndex))
  return statement.children.filter(isOne)
}

/** The fields in the format specification of an f-string's field. */
export function nestedFields(field: SyntaxNode): SyntaxNode[] {
  const format = childOf(field, 'format_specifier')
  return format?.children.filter(child => /^(?:interpolation|format_expression)$/.test(child.type)) ?? []
}

/** Where white space follows the conversion of an f-string's field, as in `{a!r }`, or of a field in its format specification. */
export function spacesBehindConversions(
  field: SyntaxNode,
  text: string,
): { readonly start: number; readonly end: number }[] {
  const own = field.children
    .filter(({ type }) => type === 'type_conversion')
    .map(({ endIndex: start }) => ({ start, end: start + /^(?:\s+(?=[:}]))?/.exec(text.slice(start))![0].length }))
    .filter(({ start, end }) => end > start)
  return [...own, ...nestedFields(field).flatMap(nested => spacesBehindConversions(nested, text))]
}

const compoundStatements: ReadonlySet<string> = new Set([
  'if_statement',
  'for_statement',
  'while_statement',
  'with_statement',
  'try_statement',
  'match_statement',
  'function_definition',
  'class_definition',
  'decorated_definition',
])

/** A statement with a suite of its own; the clauses within one, as `else`, are not. */
export function isCompoundStatement(node: SyntaxNode): boolean {
  return compoundStatements.has(node.type)
}

export function isSimpleStatement(node: SyntaxNode): boolean {
  return node.type.endsWith('_statement') && !compoundStatements.has(node.type)
}

/** Just behind the colon that opens the node's own suite; null when it has none. */
export function headerEnd(node: SyntaxNode): number | null {
  if (
    node.type !== 'function_definition' &&
    node.type !== 'class_definition' &&
    !/_(?:statement|clause)$/.test(node.type)
  )
    return null
  const colon = node.children.find(child => child.type === ':' && !child.isMissing)
  return colon === undefined ? null : colon.endIndex
}

/** True when the parser could make nothing of a part of it, or had to put something in. */
function hasError(node: SyntaxNode): boolean {
  for (const each of nodesBelow(node)) if (each.type === 'ERROR' || each.isMissing) return true
  return false
}

/** The node's child of one of these types. */
export function childOf(node: SyntaxNode, ...types: readonly string[]): SyntaxNode | undefined {
  return node.children.find(child => types.includes(child.type))
}

/** What stands between the brackets of an index, with these; also of one in an annotation. Undefined for other nodes. */
export function indexOf({ type, children }: SyntaxNode): Pick<SyntaxNode, 'children'> | undefined {
  if (type === 'generic_type') return children.find(child => child.type === 'type_parameter')
  const open = type === 'subscript' ? children.findIndex(child => child.type === '[') : -1
  return open < 0 ? undefined : { children: children.slice(open) }
}

/** The values of a list that are unpacked. Of `*a.b` and `*a[0]` the grammar may make an attribute or an index of `*a`. */
export function unpackedIn({ children }: Pick<SyntaxNode, 'children'>, text: string): SyntaxNode[] {
  return children.filter(({ startIndex }) => text[startIndex] === '*' && text[startIndex + 1] !== '*')
}
