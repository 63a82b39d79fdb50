import { childOf, indexOf } from '../python-nodes.ts'
import type { SyntaxNode } from '../syntax-tree.ts'
import { bracketed, type Edit, type Place, type Rewrite } from './edit.ts'
import { takeOut } from './take-out.ts'

type Rewriter = (place: Place) => Rewrite | null

/** What can be done about a construct other than an f-string, by the id of its feature. */
const rewriters: Readonly<Record<string, Rewriter>> = {
  'except-without-parentheses': exceptClause,
  'parenthesized-context-managers': withoutParentheses,
  'relaxed-decorator': place => {
    const edits = takeOut([place.node.children[1]!], { ...place, above: [...place.above, place.node] })
    return edits && { advice: 'give the decorator a name on the line before', edits, keepsTree: false }
  },
  'unpacking-in-return': inTuple,
  'unpacking-in-for': inTuple,
  'unpacking-in-index': ({ node }) => {
    const index = indexOf(node)!.children
    const [start, end] = [index[0]!.endIndex, index.at(-1)!.startIndex]
    const isAlone = index.every(({ type }) => type !== ',')
    return {
      advice: 'put the tuple in parentheses',
      edits: bracketed(start, end, ['(', isAlone ? ',)' : ')']),
      keepsTree: true,
    }
  },
  'tuple-in-annotated-assignment': inTuple,
  'bare-assignment-expression': ({ node }) => ({
    advice: 'put the assignment in parentheses',
    edits: bracketed(node.startIndex, node.endIndex, ['(', ')']),
    keepsTree: true,
  }),
  'positional-only-parameters': ({ node, text }) => ({
    advice: 'leave the / out, if no caller passes such a parameter by name',
    edits: [withComma(node, text)],
    keepsTree: false,
  }),
  'type-statement': ({ node, text }) => {
    const keyword = childOf(node, 'type')
    const end = node.children[1]?.startIndex
    if (keyword === undefined || end === undefined || /\[/.test(text.slice(node.startIndex, text.indexOf('=', end))))
      return null
    return {
      advice: 'assign the type to its name',
      edits: [{ start: node.startIndex, end, text: '' }],
      keepsTree: false,
    }
  },
  'lazy-import': ({ node, text }) => {
    const start = node.type === 'identifier' ? node.startIndex : text.lastIndexOf('lazy', node.startIndex)
    const length = /^lazy[ \t]+/.exec(text.slice(start))?.[0].length ?? 0
    return { advice: 'leave lazy out', edits: [{ start, end: start + length, text: '' }], keepsTree: false }
  },
  'print-statement': ({ node, text }) => asCall('print', node, text),
  'exec-statement': ({ node, text }) => asCall('exec', node, text),
  backticks: ({ node, text }) => ({
    advice: 'call repr',
    edits: replaced(node, `repr(${text.slice(node.startIndex + 1, node.endIndex - 1)})`),
    keepsTree: false,
  }),
  'octal-literal': ({ node, text }) => ({
    advice: 'write 0o before the digits',
    edits: replaced(node, `0o${text.slice(node.startIndex + 1, node.endIndex).replace(/l$/i, '')}`),
    keepsTree: false,
  }),
  'long-literal': ({ node, text }) => ({
    advice: 'leave the L out',
    edits: replaced(node, text.slice(node.startIndex, node.endIndex - 1)),
    keepsTree: false,
  }),
  'unequal-by-brackets': ({ node }) => ({ advice: 'write != for <>', edits: replaced(node, '!='), keepsTree: false }),
  'ur-string': ({ node, text }) =>
    /\\[uU]/.test(text.slice(node.startIndex, node.endIndex))
      ? null
      : {
          advice: 'leave the u out',
          edits: [{ start: node.startIndex, end: node.startIndex + 1, text: '' }],
          keepsTree: false,
        },
  'raise-with-comma': ({ node, text }) => {
    const [type, comma, value, ...more] = childOf(node, 'expression_list')?.children ?? []
    if (type === undefined || comma === undefined || value === undefined || more.length > 0) return null
    const call = `${text.slice(type.startIndex, type.endIndex)}(${text.slice(value.startIndex, value.endIndex)})`
    return {
      advice: 'call the exception',
      edits: [{ start: type.startIndex, end: value.endIndex, text: call }],
      keepsTree: false,
    }
  },
}

/** The way to write this construct for other versions; null where there is none that is sure to mean the same. */
export function constructRewrite(feature: string, place: Place): Rewrite | null {
  return Object.hasOwn(rewriters, feature) ? rewriters[feature]!(place) : null
}

function replaced({ startIndex, endIndex }: SyntaxNode, text: string): Edit[] {
  return [{ start: startIndex, end: endIndex, text }]
}

function inTuple({ node }: Place): Rewrite {
  return {
    advice: 'put the tuple in parentheses',
    edits: bracketed(node.startIndex, node.endIndex, ['(', ')']),
    keepsTree: true,
  }
}

/** The types in parentheses; of two of which the last is a plain name that the clause uses, that name behind `as`. */
function exceptClause({ node, text }: Place): Rewrite | null {
  const colon = childOf(node, ':')
  const parts = node.children.slice(1, colon === undefined ? 0 : node.children.indexOf(colon))
  const [first, last] = [parts.find(({ type }) => type !== '*'), parts.at(-1)]
  if (first === undefined || last === undefined || parts.some(({ type }) => type === 'ERROR')) return null
  const name = text.slice(last.startIndex, last.endIndex)
  const comma = parts.filter(({ type }) => type === ',')
  const body = text.slice(colon!.endIndex, node.endIndex)
  if (
    comma.length === 1 &&
    last.type === 'identifier' &&
    /^[a-z_]/.test(name) &&
    new RegExp(`\\b${name}\\b`).test(body)
  ) {
    return {
      advice: 'write as instead of the comma',
      edits: [{ start: comma[0]!.startIndex, end: last.endIndex, text: ` as ${name}` }],
      keepsTree: false,
    }
  }
  return {
    advice: 'put the types in parentheses',
    edits: bracketed(first.startIndex, last.endIndex, ['(', ')']),
    keepsTree: true,
  }
}

function withoutParentheses({ node, text }: Place): Rewrite | null {
  const clause = childOf(node, 'with_clause')
  if (clause === undefined) return null
  const source = text.slice(clause.startIndex, clause.endIndex)
  if (!source.startsWith('(') || !source.endsWith(')') || source.includes('#')) return null
  const items = source
    .slice(1, -1)
    .trim()
    .replace(/,$/, '')
    .replaceAll(/\s*[\r\n]\s*/g, ' ')
  return {
    advice: 'leave the parentheses out',
    edits: [{ start: clause.startIndex, end: clause.endIndex, text: items }],
    keepsTree: true,
  }
}

/** With the comma that belongs to it. */
function withComma({ startIndex, endIndex }: SyntaxNode, text: string): Edit {
  const behind = /^\s*,\s*/.exec(text.slice(endIndex))?.[0].length ?? 0
  const before = behind === 0 ? (/,\s*$/.exec(text.slice(0, startIndex))?.[0].length ?? 0) : 0
  return { start: startIndex - before, end: endIndex + behind, text: '' }
}

/** `print a, b` as `print(a, b)`, `exec a in b` as `exec(a, b)`. */
function asCall(name: string, { startIndex, endIndex, children }: SyntaxNode, text: string): Rewrite | null {
  if (children.some(({ type }) => type === 'chevron' || type === 'ERROR') || children.at(-1)?.type === ',') return null
  const values = text.slice(children[0]!.endIndex, endIndex).trim()
  const place = children.find(({ type }) => type === 'in')
  const call =
    place === undefined
      ? values
      : `${text.slice(children[0]!.endIndex, place.startIndex).trim()}, ${text.slice(place.endIndex, endIndex).trim()}`
  return {
    advice: `call ${name}`,
    edits: [{ start: startIndex, end: endIndex, text: `${name}(${call})` }],
    keepsTree: false,
  }
}
