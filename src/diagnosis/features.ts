import type { Feature } from '../model/finding.ts'
import { compareVersions, minorVersion } from '../model/interpreter.ts'
import { fStringKind } from './f-string-feature.ts'
import { childOf, isFString } from './python-nodes.ts'
import type { SyntaxNode } from './syntax-tree.ts'

/** How a construct is told: the node that is the construct, where this node holds the place and is it or has it. */
type Recognise = (node: SyntaxNode, text: string) => SyntaxNode | null | undefined

const hasFStringKind =
  (kind: string): Recognise =>
  (node, text) =>
    isFString(node, text) && fStringKind(node, text) === kind ? node : null

const isType =
  (...types: readonly string[]): Recognise =>
  node =>
    types.includes(node.type) ? node : null

/** The first that applies to the smallest node is the one that is named. `since` is what the interpreters do, not what was announced. */
const constructs: readonly (Feature & { readonly recognise: Recognise })[] = [
  {
    id: 'f-string-multiline-field',
    title: 'a line break inside an f-string field',
    since: '3.12',
    pep: 'PEP 701',
    recognise: hasFStringKind('f-string-multiline-field'),
  },
  {
    id: 'f-string-quote-reuse',
    title: "an f-string's own quotes inside one of its fields",
    since: '3.12',
    pep: 'PEP 701',
    recognise: hasFStringKind('f-string-quote-reuse'),
  },
  {
    id: 'f-string-backslash',
    title: 'a backslash inside an f-string field',
    since: '3.12',
    pep: 'PEP 701',
    recognise: hasFStringKind('f-string-backslash'),
  },
  {
    id: 'f-string-comment',
    title: 'a comment inside an f-string field',
    since: '3.12',
    pep: 'PEP 701',
    recognise: hasFStringKind('f-string-comment'),
  },
  {
    id: 'f-string-nesting',
    title: 'f-string fields nested more than two deep',
    since: '3.12',
    pep: 'PEP 701',
    recognise: hasFStringKind('f-string-nesting'),
  },
  {
    id: 'f-string-debug',
    title: 'an f-string field that ends in =',
    since: '3.8',
    pep: null,
    recognise: (node, text) =>
      isFString(node, text) && node.children.some(field => field.type === 'interpolation' && childOf(field, '='))
        ? node
        : null,
  },
  {
    id: 'f-string',
    title: 'an f-string',
    since: '3.6',
    pep: 'PEP 498',
    recognise: (node, text) => (isFString(node, text) ? node : null),
  },
  {
    id: 't-string',
    title: 'a template string',
    since: '3.14',
    pep: 'PEP 750',
    recognise: templateString,
  },
  {
    id: 'assignment-expression',
    title: 'an assignment expression (:=)',
    since: '3.8',
    pep: 'PEP 572',
    recognise: isType('named_expression'),
  },
  {
    id: 'positional-only-parameters',
    title: 'positional-only parameters (/)',
    since: '3.8',
    pep: 'PEP 570',
    recognise: isType('positional_separator'),
  },
  {
    id: 'type-parameter-default',
    title: 'a default of a type parameter',
    since: '3.13',
    pep: 'PEP 696',
    recognise: node => {
      const parameters = typeParameters(node)
      return parameters !== undefined && has(parameters, '=') ? parameters : null
    },
  },
  {
    id: 'type-parameters',
    title: 'type parameters in brackets',
    since: '3.12',
    pep: 'PEP 695',
    recognise: typeParameters,
  },
  {
    id: 'type-statement',
    title: 'a type statement',
    since: '3.12',
    pep: 'PEP 695',
    recognise: isType('type_alias_statement'),
  },
  {
    id: 'match-statement',
    title: 'a match statement',
    since: '3.10',
    pep: 'PEP 634',
    recognise: isType('match_statement'),
  },
  {
    id: 'except-star',
    title: 'except*',
    since: '3.11',
    pep: 'PEP 654',
    recognise: isType('except_group_clause'),
  },
  {
    id: 'except-without-parentheses',
    title: 'several exception types without parentheses',
    since: '3.14',
    pep: 'PEP 758',
    recognise: node => (/^except_(?:group_)?clause$/.test(node.type) && has(node, ',') ? node : null),
  },
  {
    id: 'parenthesized-context-managers',
    title: 'context managers in parentheses',
    since: '3.9',
    pep: 'PEP 617',
    recognise: parenthesizedManagers,
  },
  {
    id: 'relaxed-decorator',
    title: 'a decorator that is not a dotted name or its call',
    since: '3.9',
    pep: 'PEP 614',
    recognise: node => (node.type === 'decorator' && !isDottedName(decoratedBy(node)) ? node : null),
  },
  {
    id: 'unpacking-in-return',
    title: 'unpacking without parentheses in return or yield',
    since: '3.8',
    pep: null,
    recognise: node => {
      const values = /^(?:return_statement|yield)$/.test(node.type) ? childOf(node, 'expression_list') : undefined
      return values && childOf(values, 'list_splat')
    },
  },
  {
    id: 'unpacking-in-index',
    title: 'unpacking inside an index',
    since: '3.11',
    pep: 'PEP 646',
    recognise: node => (node.type === 'subscript' ? childOf(node, 'list_splat') : null),
  },
  {
    id: 'unpacked-annotation',
    title: 'an unpacked annotation of *args',
    since: '3.11',
    pep: 'PEP 646',
    recognise: node => (node.type === 'type' && node.children[0]?.type === 'splat_type' ? node : null),
  },
]

/** Every construct that can be named, as data. */
export const features: readonly Feature[] = constructs.map(({ id, title, since, pep }) => ({ id, title, since, pep }))

/** A construct of a known version in a text. */
export interface Construct {
  readonly feature: Feature
  readonly node: SyntaxNode
}

/**
 * What construct the place is part of that this version does not know yet. `path` are the nodes that hold the place,
 * from the root to the smallest. Null when it cannot be told.
 */
export function constructAt(path: readonly SyntaxNode[], text: string, version: string): Construct | null {
  for (const node of path
    .slice(path.findLastIndex(({ type }) => type === 'block' || type === 'module') + 1)
    .toReversed()) {
    for (const [index, { recognise, since }] of constructs.entries()) {
      if (compareVersions(since, minorVersion(version)) <= 0) continue
      const found = recognise(node, text)
      if (found) return { feature: features[index]!, node: found }
    }
  }
  return null
}

/** The grammar knows no template strings: it sees a name and a string. */
function templateString(node: SyntaxNode, text: string): SyntaxNode | null {
  const before = text.slice(Math.max(0, node.startIndex - 3), node.startIndex)
  return node.type === 'string' && /(?:^|\W)(?:t|rt|tr)$/i.test(before) ? node : null
}

/** Those that a definition or a type statement declares; not the arguments of a generic type. */
function typeParameters(node: SyntaxNode): SyntaxNode | undefined {
  if (/^(?:function|class)_definition$/.test(node.type)) return childOf(node, 'type_parameter')
  if (node.type !== 'type_alias_statement') return undefined
  const generic = node.children.find(child => child.type === 'type')?.children[0]
  return generic?.type === 'generic_type' ? childOf(generic, 'type_parameter') : undefined
}

/** Among its children, or in what the parser could make nothing of there. */
function has(node: SyntaxNode, token: string): boolean {
  return node.children.some(child => child.type === token || (child.type === 'ERROR' && has(child, token)))
}

function parenthesizedManagers(node: SyntaxNode): SyntaxNode | null {
  const clause = node.type === 'with_statement' ? childOf(node, 'with_clause') : undefined
  if (clause === undefined) return null
  const bracketed = clause.children[0]?.type === '(' ? clause : clause.children[0]?.children[0]
  if (bracketed === undefined || !/^(?:with_clause|parenthesized_expression|tuple)$/.test(bracketed.type)) return null
  return bracketed.children.some(child => child.type === 'as_pattern' || childOf(child, 'as_pattern')) ? node : null
}

function decoratedBy(decorator: SyntaxNode): SyntaxNode {
  const expression = decorator.children[1]!
  return expression.type === 'call' ? expression.children[0]! : expression
}

function isDottedName(expression: SyntaxNode): boolean {
  let node = expression
  while (node.type === 'attribute') node = node.children[0]!
  return node.type === 'identifier'
}
