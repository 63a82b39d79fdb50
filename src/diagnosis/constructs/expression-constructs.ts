import { childOf } from '../python-nodes.ts'
import type { SyntaxNode } from '../syntax-tree.ts'
import { type ConstructRow, isType, textOf } from './recognise.ts'

/** Assignments and unpacking within expressions. */
export const expressionConstructs: readonly ConstructRow[] = [
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
]

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
