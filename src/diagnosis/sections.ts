import { nodesBelow } from './python-nodes.ts'
import type { SyntaxNode } from './syntax-tree.ts'

/** UTF-16 units that a section has at least, but for the last: less is not worth a question of its own. */
const leastSection = 1 << 13

/**
 * Where a text can be cut into sections, each of whole statements of the top level: the offset of each, the first of which is
 * 0. What says something of the whole file is in the first: the coding cookie and the imports of the future. Only the first
 * where statements far from one another may break together.
 */
function sectionStarts(root: SyntaxNode, text: string): readonly number[] {
  if (hasGlobal(root)) return [0]
  const starts = [0]
  const future = root.children.findLast(({ type }) => type === 'future_import_statement')?.endIndex ?? 0
  for (const { startIndex: start } of root.children) {
    if (start >= Math.max(future, starts.at(-1)! + leastSection) && beginsStatement(text, start, '')) starts.push(start)
  }
  return starts
}

/**
 * True when what stands at the offset begins a line and a statement, if what is before it is whole statements: it is indented
 * just so, is no clause of the statement above, and does not go on with a line that ends in a backslash.
 */
export function beginsStatement(text: string, offset: number, indentation: string): boolean {
  if (!/(?:^|[^\\\r])\r?\n$|(?:^|[^\\])\r$/.test(text.slice(Math.max(0, offset - 3), offset))) return false
  if (!text.startsWith(indentation, offset)) return false
  const start = offset + indentation.length
  return /^(?!(?:elif|else|except|finally)\b)[^\s#\\]/.test(text.slice(start, start + 8))
}

/** Whether a name is declared global at the top level, which is an error behind a statement anywhere above that uses it. */
function hasGlobal(root: SyntaxNode): boolean {
  const nodes = nodesBelow(root, ({ type }) => type === 'function_definition' || type === 'class_definition')
  return Array.from(nodes).some(({ type }) => type === 'global_statement')
}

/** The sections of a text, if each compiles by itself behind the first; else one, the whole text. */
export async function separableSections(
  { root, text }: { readonly root: SyntaxNode; readonly text: string },
  compiles: (text: string) => Promise<boolean>,
): Promise<readonly number[]> {
  const starts = sectionStarts(root, text)
  return (await standAlone(text, starts, compiles)) ? starts : [0]
}

/** Whether a text compiles, and each of its sections by itself behind the first: then each breaks by itself, too. */
export async function standAlone(
  text: string,
  starts: readonly number[],
  compiles: (text: string) => Promise<boolean>,
): Promise<boolean> {
  const first = text.slice(0, starts[1])
  if (!(await compiles(first))) return false
  for (const [index, start] of starts.entries())
    if (index > 0 && !(await compiles(first + text.slice(start, starts[index + 1])))) return false
  return true
}

/** The numbers of the sections that ranges are in; an empty one is in the section that begins there. */
export function touchedBy(
  ranges: readonly { readonly start: number; readonly end: number }[],
  starts: readonly number[],
): ReadonlySet<number> {
  const sectionOf = (offset: number) => starts.findLastIndex(start => start <= offset)
  const touched = ranges.map(({ start, end }) => [sectionOf(start), sectionOf(Math.max(start, end - 1))] as const)
  return new Set(touched.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, i) => first + i)))
}
