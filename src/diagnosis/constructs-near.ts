import { type Construct, constructsAt } from './features.ts'
import type { Look } from './look.ts'
import { isMasked } from './mask.ts'
import { headerEnd, isFString, isSimpleStatement, nodesAt, nodesBelow } from './python-nodes.ts'
import type { SyntaxNode } from './syntax-tree.ts'

/**
 * The constructs that this version does not know and that may be what the interpreter stumbles over at the place: those that hold
 * it, the smallest first, then the others of its statement or header, as an interpreter may name the beginning of what holds one.
 * None that is masked already, and no f-strings.
 */
export function* constructsNear(look: Look, place: number): Generator<Construct, void> {
  const seen = new Set<SyntaxNode>()
  for (const construct of allNear(look, place)) {
    const { node } = construct
    const isGone = isMasked(look.masked, node.startIndex) && isMasked(look.masked, node.endIndex - 1)
    if (isGone || seen.has(node) || isFString(node, look.text)) continue
    seen.add(node)
    yield construct
  }
}

function* allNear({ parsed, text, version }: Look, place: number): Generator<Construct, void> {
  const path = nodesAt(parsed.root, place)
  yield* constructsAt(path, text, version)
  for (const node of statementNodes(path, place)) yield* constructsAt([node], text, version)
}

/** Those of the smallest statement, header or decorator that holds the place. */
function* statementNodes(path: readonly SyntaxNode[], place: number): Generator<SyntaxNode, void> {
  for (const node of path.toReversed()) {
    const end = isSimpleStatement(node) || node.type === 'decorator' ? node.endIndex : (headerEnd(node) ?? 0)
    if (place >= end) continue
    for (const below of nodesBelow(node, ({ type }) => type === 'block')) if (below.startIndex < end) yield below
    return
  }
}
