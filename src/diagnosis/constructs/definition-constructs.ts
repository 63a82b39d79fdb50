import { childOf } from '../python-nodes.ts'
import type { SyntaxNode } from '../syntax-tree.ts'
import { type ConstructRow, has, isType } from './recognise.ts'

/** What functions, classes and types are declared with. */
export const definitionConstructs: readonly ConstructRow[] = [
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
    id: 'relaxed-decorator',
    title: 'a decorator that is not a dotted name or its call',
    since: '3.9',
    until: null,
    pep: 'PEP 614',
    recognise: node => (node.type === 'decorator' && !isDottedName(decoratedBy(node)) ? node : null),
  },
  {
    id: 'unpacked-annotation',
    title: 'an unpacked annotation of *args',
    since: '3.11',
    until: null,
    pep: 'PEP 646',
    recognise: (node, text) => {
      const type = childOf(node, 'list_splat_pattern') && childOf(node, 'type')
      return type !== undefined && text[type.startIndex] === '*' ? type : null
    },
  },
]

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

function decoratedBy(decorator: SyntaxNode): SyntaxNode {
  const expression = decorator.children[1]!
  return expression.type === 'call' ? expression.children[0]! : expression
}

function isDottedName(expression: SyntaxNode): boolean {
  let node = expression
  while (node.type === 'attribute') node = node.children[0]!
  return node.type === 'identifier'
}
