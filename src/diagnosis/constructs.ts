import type { Feature } from '../model/finding.ts'
import { fStringKind } from './f-string-feature.ts'
import { childOf, exceptGroups, isFString, isTemplateString, nodesBelow } from './python-nodes.ts'
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

/**
 * What each construct is, how it is told in a tree, and which versions take it; one row a feature. The first that applies to the smallest node is the one that is named. `since` is what the interpreters do, not what was
 * announced.
 */
export const constructs: readonly (Feature & { readonly recognise: Recognise })[] = [
  {
    id: 'f-string-multiline-field',
    title: 'a line break inside an f-string field',
    since: '3.12',
    until: null,
    pep: 'PEP 701',
    recognise: hasFStringKind('f-string-multiline-field'),
  },
  {
    id: 'f-string-quote-reuse',
    title: "an f-string's own quotes inside one of its fields",
    since: '3.12',
    until: null,
    pep: 'PEP 701',
    recognise: hasFStringKind('f-string-quote-reuse'),
  },
  {
    id: 'f-string-backslash',
    title: 'a backslash inside an f-string field',
    since: '3.12',
    until: null,
    pep: 'PEP 701',
    recognise: hasFStringKind('f-string-backslash'),
  },
  {
    id: 'f-string-comment',
    title: 'a comment inside an f-string field',
    since: '3.12',
    until: null,
    pep: 'PEP 701',
    recognise: hasFStringKind('f-string-comment'),
  },
  {
    id: 'f-string-nesting',
    title: 'f-string fields nested more than two deep',
    since: '3.12',
    until: null,
    pep: 'PEP 701',
    recognise: hasFStringKind('f-string-nesting'),
  },
  {
    id: 'f-string-space-behind-conversion',
    title: 'white space behind the conversion in an f-string field',
    since: '3.12',
    until: null,
    pep: 'PEP 701',
    recognise: hasFStringKind('f-string-space-behind-conversion'),
  },
  {
    id: 'f-string-debug',
    title: 'an f-string field that ends in =',
    since: '3.8',
    until: null,
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
    until: null,
    pep: 'PEP 498',
    recognise: (node, text) => (isFString(node, text) ? node : null),
  },
  {
    id: 't-string',
    title: 'a template string',
    since: '3.14',
    until: null,
    pep: 'PEP 750',
    recognise: templateString,
  },
  {
    id: 'lazy-import',
    title: 'a lazy import',
    since: '3.15',
    until: null,
    pep: 'PEP 810',
    recognise: lazyImport,
  },
  {
    id: 'unpacking-in-comprehension',
    title: 'unpacking inside a comprehension',
    since: '3.15',
    until: null,
    pep: 'PEP 798',
    recognise: unpackingComprehension,
  },
  {
    id: 'bare-assignment-expression',
    title: 'an assignment expression without parentheses in an index or a set',
    since: '3.10',
    until: null,
    pep: null,
    recognise: node => (/^(?:subscript|set)$/.test(node.type) ? childOf(node, 'named_expression') : null),
  },
  {
    id: 'assignment-expression',
    title: 'an assignment expression (:=)',
    since: '3.8',
    until: null,
    pep: 'PEP 572',
    recognise: isType('named_expression'),
  },
  {
    id: 'positional-only-parameters',
    title: 'positional-only parameters (/)',
    since: '3.8',
    until: null,
    pep: 'PEP 570',
    recognise: isType('positional_separator'),
  },
  {
    id: 'type-parameter-default',
    title: 'a default of a type parameter',
    since: '3.13',
    until: null,
    pep: 'PEP 696',
    recognise: parametersWithDefault,
  },
  {
    id: 'type-parameters',
    title: 'type parameters in brackets',
    since: '3.12',
    until: null,
    pep: 'PEP 695',
    recognise: typeParameters,
  },
  {
    id: 'type-statement',
    title: 'a type statement',
    since: '3.12',
    until: null,
    pep: 'PEP 695',
    recognise: isType('type_alias_statement'),
  },
  {
    id: 'match-statement',
    title: 'a match statement',
    since: '3.10',
    until: null,
    pep: 'PEP 634',
    recognise: isType('match_statement'),
  },
  {
    id: 'except-star',
    title: 'except*',
    since: '3.11',
    until: null,
    pep: 'PEP 654',
    recognise: (node, text) => (exceptGroups(node, text).length > 0 ? node : null),
  },
  {
    id: 'except-without-parentheses',
    title: 'a comma in except without parentheses',
    since: '3.14',
    // There it gives the exception a name.
    until: '3.0',
    pep: 'PEP 758',
    recognise: node => (/^except_(?:group_)?clause$/.test(node.type) && has(node, ',') ? node : null),
  },
  {
    id: 'parenthesized-context-managers',
    title: 'context managers in parentheses',
    since: '3.9',
    until: null,
    pep: 'PEP 617',
    recognise: parenthesizedManagers,
  },
  {
    id: 'relaxed-decorator',
    title: 'a decorator that is not a dotted name or its call',
    since: '3.9',
    until: null,
    pep: 'PEP 614',
    recognise: node => (node.type === 'decorator' && !isDottedName(decoratedBy(node)) ? node : null),
  },
  {
    id: 'unpacking-in-return',
    title: 'unpacking without parentheses in return or yield',
    since: '3.8',
    until: null,
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
    until: null,
    pep: 'PEP 646',
    recognise: node => (node.type === 'subscript' ? childOf(node, 'list_splat') : null),
  },
  {
    id: 'unpacked-annotation',
    title: 'an unpacked annotation of *args',
    since: '3.11',
    until: null,
    pep: 'PEP 646',
    recognise: node => (node.type === 'type' && node.children[0]?.type === 'splat_type' ? node : null),
  },
  {
    id: 'unpacking-in-for',
    title: 'unpacking without parentheses in the iterable of a for',
    since: '3.9',
    until: null,
    pep: null,
    recognise: node => {
      const values = node.type === 'for_statement' ? childOf(node, 'expression_list') : undefined
      return values && childOf(values, 'list_splat')
    },
  },
  {
    id: 'async-as-name',
    title: 'async or await as a name',
    since: null,
    until: '3.7',
    pep: 'PEP 492',
    recognise: (node, text) =>
      node.children.find(child => child.type === 'identifier' && /^a(?:sync|wait)$/.test(textOf(child, text))),
  },
  {
    id: 'print-statement',
    title: 'a print statement',
    since: null,
    until: '3.0',
    pep: 'PEP 3105',
    recognise: isType('print_statement'),
  },
  {
    id: 'exec-statement',
    title: 'an exec statement',
    since: null,
    until: '3.0',
    pep: 'PEP 3100',
    recognise: isType('exec_statement'),
  },
  {
    id: 'backticks',
    title: 'backticks for repr',
    since: null,
    until: '3.0',
    pep: 'PEP 3100',
    recognise: (node, text) => (node.type === 'string' && text[node.startIndex] === '`' ? node : null),
  },
  {
    id: 'octal-literal',
    title: 'an octal literal without its o',
    since: null,
    until: '3.0',
    pep: 'PEP 3127',
    recognise: (node, text) => (node.type === 'integer' && /^0[0-7_]+l?$/i.test(textOf(node, text)) ? node : null),
  },
  {
    id: 'long-literal',
    title: 'a long integer literal',
    since: null,
    until: '3.0',
    pep: 'PEP 237',
    recognise: (node, text) => (node.type === 'integer' && /l$/i.test(textOf(node, text)) ? node : null),
  },
  {
    id: 'ur-string',
    title: 'a string with the prefix ur',
    since: null,
    until: '3.0',
    pep: 'PEP 414',
    recognise: (node, text) => (node.type === 'string' && /^ur['"]/i.test(textOf(node, text)) ? node : null),
  },
  {
    id: 'unequal-by-brackets',
    title: 'the operator <>',
    since: null,
    until: '3.0',
    pep: 'PEP 3100',
    recognise: node => (node.type === 'comparison_operator' ? childOf(node, '<>') : null),
  },
  {
    id: 'raise-with-comma',
    title: 'a raise with a comma',
    since: null,
    until: '3.0',
    pep: 'PEP 3109',
    recognise: node => (node.type === 'raise_statement' && childOf(node, 'expression_list') ? node : null),
  },
  {
    id: 'tuple-parameter',
    title: 'a tuple as a parameter',
    since: null,
    until: '3.0',
    pep: 'PEP 3113',
    recognise: node => (node.type === 'parameters' ? childOf(node, 'tuple_pattern') : null),
  },
]

/** Also an f-string with one in a field: no older version can read past that. */
function templateString(node: SyntaxNode, text: string): SyntaxNode | null {
  const isOne = (each: SyntaxNode) => isTemplateString(each, text)
  return isOne(node) || (isFString(node, text) && Array.from(nodesBelow(node)).some(isOne)) ? node : null
}

/** Those that a definition declares; not the arguments of a generic type. */
function typeParameters(node: SyntaxNode): SyntaxNode | undefined {
  return /^(?:function|class)_definition$/.test(node.type) ? childOf(node, 'type_parameter') : undefined
}

/** The parameters of a definition, or the type statement that has some: there, nothing is left when they are taken out. */
function parametersWithDefault(node: SyntaxNode): SyntaxNode | undefined {
  const name = node.type === 'type_alias_statement' ? node.children[1]?.children[0] : undefined
  const parameters = name === undefined ? typeParameters(node) : childOf(name, 'type_parameter')
  if (parameters === undefined || !has(parameters, '=')) return undefined
  return name === undefined ? parameters : node
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

/** The grammar knows no lazy imports: it sees a name that stands before an import. */
function lazyImport(node: SyntaxNode, text: string): SyntaxNode | null {
  const isImport =
    /^import_(?:from_)?statement$/.test(node.type) &&
    /(?:^|[\n;])[ \t]*lazy[ \t]+$/.test(text.slice(0, node.startIndex))
  return isImport ||
    (node.type === 'identifier' &&
      textOf(node, text) === 'lazy' &&
      /^[ \t]+(?:import|from)\b/.test(text.slice(node.endIndex)))
    ? node
    : null
}

function unpackingComprehension(node: SyntaxNode, text: string): SyntaxNode | null {
  // The grammar knows none of a mapping: it sees a display, and can make nothing of what stands before `in`.
  const splat = childOf(node, 'list_splat', 'dictionary_splat')
  if (splat === undefined) return null
  if (node.type === 'dictionary') {
    const lost = childOf(splat, 'ERROR')
    return lost !== undefined && /\sfor$/.test(textOf(lost, text)) ? node : null
  }
  return /^(?:list|set|dictionary)_comprehension$|^generator_expression$/.test(node.type) ? node : null
}

function textOf({ startIndex, endIndex }: SyntaxNode, text: string): string {
  return text.slice(startIndex, endIndex)
}
