import { childOf, indexOf, isFString, nodesBelow, unpackedIn } from '../python-nodes.ts'
import type { SyntaxNode } from '../syntax-tree.ts'
import { type ConstructRow, textOf } from './recognise.ts'

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
    recognise: (node, text) => {
      const isOne = ({ type }: SyntaxNode) => type === 'named_expression'
      return isOne(node) || (isFString(node, text) && Array.from(nodesBelow(node)).some(isOne)) ? node : null
    },
  },
  {
    id: 'unpacking-in-return',
    title: 'unpacking without parentheses in return or yield',
    since: '3.8',
    until: null,
    pep: null,
    recognise: (node, text) => (/^(?:return_statement|yield)$/.test(node.type) ? unpackingList(node, text) : null),
  },
  {
    id: 'unpacking-in-index',
    title: 'unpacking inside an index',
    since: '3.11',
    until: null,
    pep: 'PEP 646',
    recognise: unpackingIndex,
  },
  {
    id: 'tuple-in-annotated-assignment',
    title: 'a tuple without parentheses in an annotated assignment',
    since: '3.8',
    until: null,
    pep: null,
    recognise: node => (node.type === 'assignment' && childOf(node, 'type') ? childOf(node, 'expression_list') : null),
  },
  {
    id: 'unpacking-in-for',
    title: 'unpacking without parentheses in the iterable of a for',
    since: '3.9',
    until: null,
    pep: null,
    recognise: (node, text) => (node.type === 'for_statement' ? unpackingList(node, text) : null),
  },
]

/** Its values without parentheses, where one of them is unpacked. */
function unpackingList(statement: SyntaxNode, text: string): SyntaxNode | null {
  const values = childOf(statement, 'expression_list')
  return values !== undefined && unpackedIn(values, text).length > 0 ? values : null
}

/** An index, also one of a generic type in an annotation; what a type statement names has parameters, and no index. */
function unpackingIndex(node: SyntaxNode, text: string): SyntaxNode | null {
  const isNamed = /(?:^|[\n\r;:])[ \t]*type[ \t]+$/.test(text.slice(Math.max(0, node.startIndex - 80), node.startIndex))
  const index = isNamed ? undefined : indexOf(node)
  return index !== undefined && unpackedIn(index, text).length > 0 ? node : null
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
