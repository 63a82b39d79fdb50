import { fStringKind } from '../f-string-feature.ts'
import { childOf, isFString, isTemplateString, nodesBelow } from '../python-nodes.ts'
import type { SyntaxNode } from '../syntax-tree.ts'
import type { ConstructRow, Recognise } from './recognise.ts'

const hasFStringKind =
  (kind: string): Recognise =>
  (node, text) =>
    isFString(node, text) && fStringKind(node, text) === kind ? node : null

/** F-strings in their kinds, and template strings. */
export const fStringConstructs: readonly ConstructRow[] = [
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
      isFString(node, text) && Array.from(nodesBelow(node)).some(each => isField(each) && childOf(each, '='))
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
]

/** Also an f-string with one in a field: no older version can read past that. */
function templateString(node: SyntaxNode, text: string): SyntaxNode | null {
  const isOne = (each: SyntaxNode) => isTemplateString(each, text)
  return isOne(node) || (isFString(node, text) && Array.from(nodesBelow(node)).some(isOne)) ? node : null
}

/** Also one in the format specification of another. */
function isField({ type }: SyntaxNode): boolean {
  return type === 'interpolation' || type === 'format_expression'
}
