import { childOf, exceptGroups } from '../python-nodes.ts'
import type { SyntaxNode } from '../syntax-tree.ts'
import { type ConstructRow, has, isType, textOf } from './recognise.ts'

/** Statements and their clauses, and the words that are names no more. */
export const statementConstructs: readonly ConstructRow[] = [
  {
    id: 'future-annotations',
    title: 'from __future__ import annotations',
    since: '3.7',
    until: null,
    pep: 'PEP 563',
    recognise: (node, text) =>
      node.type === 'future_import_statement' && /\bimport\b.*\bannotations\b/s.test(textOf(node, text)) ? node : null,
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
    id: 'async-as-name',
    title: 'async or await as a name',
    since: null,
    until: '3.7',
    pep: 'PEP 492',
    recognise: (node, text) =>
      node.children.find(child => child.type === 'identifier' && /^a(?:sync|wait)$/.test(textOf(child, text))),
  },
]

function parenthesizedManagers(node: SyntaxNode): SyntaxNode | null {
  const clause = node.type === 'with_statement' ? childOf(node, 'with_clause') : undefined
  if (clause === undefined) return null
  const bracketed = clause.children[0]?.type === '(' ? clause : clause.children[0]?.children[0]
  if (bracketed === undefined || !/^(?:with_clause|parenthesized_expression|tuple)$/.test(bracketed.type)) return null
  return bracketed.children.some(child => child.type === 'as_pattern' || childOf(child, 'as_pattern')) ? node : null
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
