import type { Construct } from './features.ts'
import { blank, framed, type Mask, type Patch, placeholder, plainHeader, plainString } from './mask.ts'
import {
  childOf,
  exceptGroups,
  headerEnd,
  indexOf,
  isCompoundStatement,
  isSimpleStatement,
  unpackedIn,
} from './python-nodes.ts'
import type { SyntaxNode } from './syntax-tree.ts'

/** Takes a construct out, and leaves what is around it valid in an interpreter that does not know it. */
export function constructMask({ feature, node }: Construct, text: string): Mask | null {
  const { startIndex: start, endIndex: end } = node
  switch (feature.id) {
    case 'match-statement':
      return every([header(node, text), ...caseClauses(node).map(clause => header(clause, text))])
    case 'except-star':
      return every(exceptGroups(node, text).map(clause => starOf(clause, text)))
    case 'positional-only-parameters':
      return every([blank(text, start, end + /^\s*,?/.exec(text.slice(end))![0].length)])
    case 'type-parameters':
    case 'type-parameter-default':
      return node.type === 'type_alias_statement' || /[\r\n]/.test(text.slice(start, end))
        ? null
        : [blank(text, start, end)]
    case 'assignment-expression':
      return every([placeholder(text, start, end)])
    case 'unpacking-in-return':
    case 'unpacking-in-index':
      return every(
        unpackedIn(indexOf(node) ?? node, text).map(each => placeholder(text, each.startIndex, each.endIndex)),
      )
    case 'unpacked-annotation':
      return [blank(text, start, start + 1)]
    default:
      return node.type === 'string' ? every([plainString(text, start, end)]) : null
  }
}

/** The mask of the smallest statement, header or decorator that holds the place. `path` is from the root to the smallest node. */
export function statementMask(path: readonly SyntaxNode[], text: string, place: number): Mask | null {
  for (const node of path.toReversed()) {
    if (node.type === 'future_import_statement') return [blank(text, node.startIndex, node.endIndex)]
    if (isSimpleStatement(node)) return every([placeholder(text, node.startIndex, node.endIndex)])
    if (node.type === 'decorator') return decorator(node, text)
    if (place < (headerEnd(node) ?? 0)) return every([header(node, text)])
  }
  return null
}

/** The masks of the compound statements that hold the place with all that is in them, the smallest first. */
export function compoundMasks(path: readonly SyntaxNode[], text: string): Mask[] {
  return path
    .filter(isCompoundStatement)
    .toReversed()
    .flatMap(node => placeholder(text, node.startIndex, node.endIndex) ?? [])
    .map(patch => [patch])
}

function header(node: SyntaxNode, text: string): Patch | null {
  const end = headerEnd(node)
  return end === null ? null : plainHeader(text, node.startIndex, end)
}

function caseClauses(match: SyntaxNode): SyntaxNode[] {
  const clauses = childOf(match, 'block')?.children ?? []
  return clauses.filter(({ type }) => type === 'case_clause')
}

function starOf(clause: SyntaxNode, text: string): Patch {
  const start = text.indexOf('*', clause.startIndex)
  return blank(text, start, start + 1)
}

/** A plain name; before 3.9 a decorator is a dotted name or a call of one. */
function decorator({ startIndex, endIndex }: SyntaxNode, text: string): Mask | null {
  const end = startIndex + text.slice(startIndex, endIndex).trimEnd().length
  return every([framed(text, startIndex, end, /[\r\n]/.test(text.slice(startIndex, end)) ? ['@_(', ')'] : ['@_', ''])])
}

function every(patches: readonly (Patch | null)[]): Mask | null {
  return patches.includes(null) ? null : (patches as Mask)
}
