import type { Feature } from '../../model/finding.ts'
import type { SyntaxNode } from '../syntax-tree.ts'

/** How a construct is told: the node that is the construct, where this node holds the place and is it or has it. */
export type Recognise = (node: SyntaxNode, text: string) => SyntaxNode | null | undefined

/** What a construct is, how it is told in a tree, and which versions take it. `since` is what the interpreters do, not what was announced. */
export type ConstructRow = Feature & { readonly recognise: Recognise }

/** For a construct that is a node of one of these types. */
export function isType(...types: readonly string[]): Recognise {
  return node => (types.includes(node.type) ? node : null)
}

/** Whether there is such a token among the children of a node, or in what the parser could make nothing of there. */
export function has(node: SyntaxNode, token: string): boolean {
  return node.children.some(child => child.type === token || (child.type === 'ERROR' && has(child, token)))
}

/** The source of a node. */
export function textOf({ startIndex, endIndex }: SyntaxNode, text: string): string {
  return text.slice(startIndex, endIndex)
}
