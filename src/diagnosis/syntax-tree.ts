/** A node of tree-sitter's concrete syntax tree. Offsets are in UTF-16 units of the text that was parsed. */
export interface SyntaxNode {
  /** As the grammar calls it; `ERROR` where the parser could make nothing of the text. */
  readonly type: string
  readonly startIndex: number
  /** Just behind the last character. */
  readonly endIndex: number
  /** True for what the parser put in because the grammar wants it there; such a node is empty. */
  readonly isMissing: boolean
  /** Named and anonymous ones, in the order of the text. */
  readonly children: readonly SyntaxNode[]
}

/** What the cursors of both libraries have in common. */
interface Cursor {
  readonly nodeType: string
  readonly startIndex: number
  readonly endIndex: number
  readonly nodeIsMissing: boolean
  gotoFirstChild(): boolean
  gotoNextSibling(): boolean
  gotoParent(): boolean
}

/**
 * The tree below a cursor as plain values. One walk costs less than asking either library for the same nodes again, and
 * leaves nothing behind in WebAssembly's memory. Not recursive: a sum of 200,000 terms is as deep as it is long.
 */
export function copyTree(cursor: Cursor): SyntaxNode {
  const root = copyNode(cursor)
  const ancestors = [root]
  for (let descend = cursor.gotoFirstChild(); ; descend = cursor.gotoFirstChild()) {
    if (!descend) {
      while (!cursor.gotoNextSibling()) {
        if (!cursor.gotoParent()) return root
        ancestors.pop()
      }
      ancestors.pop()
    }
    const node = copyNode(cursor)
    ancestors.at(-1)!.children.push(node)
    ancestors.push(node)
  }
}

function copyNode(cursor: Cursor): SyntaxNode & { readonly children: SyntaxNode[] } {
  return {
    type: cursor.nodeType,
    startIndex: cursor.startIndex,
    endIndex: cursor.endIndex,
    isMissing: cursor.nodeIsMissing,
    children: [],
  }
}
