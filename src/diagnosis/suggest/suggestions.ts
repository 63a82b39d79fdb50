import type { Feature, Suggestion } from '../../model/finding.ts'
import type { Verdict } from '../../model/verdict.ts'
import type { Construct } from '../features.ts'
import { lineStarts, positionAt } from '../lines.ts'
import type { Mask } from '../mask.ts'
import { type Change, changedSections, type MaskedFile } from '../masked-file.ts'
import { isFString, nodesAt } from '../python-nodes.ts'
import type { SyntaxNode } from '../syntax-tree.ts'
import { constructRewrite } from './construct-rewrites.ts'
import type { Edit, Place, Rewrite } from './edit.ts'
import { fStringRewrites } from './f-string-rewrites.ts'
import { freshNames } from './take-out.ts'

/** A construct that was found to be in the way, and what was put in its place to look past it. */
export interface Obstacle {
  readonly construct: Construct
  readonly mask: Mask
}

export interface SuggestionMeans extends MaskedFile {
  /** Of the original. */
  readonly root: SyntaxNode
  readonly ask: (text: string) => Promise<Verdict>
  /** Whether an interpreter that takes these features finds the same syntax tree in both texts; null when none can tell. */
  readonly sameTree: (texts: readonly [string, string], features: readonly Feature[]) => Promise<boolean | null>
}

interface Tried {
  readonly obstacle: Obstacle
  readonly rewrite: Rewrite
}

/** Sites of one file that a suggestion is looked for: who has more of them needs a tool. */
const mostSuggestions = 100

/** For each obstacle, in their order, a way to write it that the interpreter was seen to take; null where none was found. */
export async function suggestions(
  obstacles: readonly Obstacle[],
  means: SuggestionMeans,
): Promise<readonly (Suggestion | null)[]> {
  const names = freshNames(means.original)
  const choices = obstacles
    .slice(0, mostSuggestions)
    .map(obstacle => ({ obstacle, rewrites: Array.from(rewritesOf(obstacle, means, names)) }))
  const first = choices.flatMap(({ obstacle, rewrites }) => (rewrites[0] ? [{ obstacle, rewrite: rewrites[0] }] : []))
  // Most often the first way works everywhere, and then one question tells so.
  const allTaken = await isTaken(first, means, [0])
  const chosen = new Map<Obstacle, Rewrite>()
  for (const { obstacle, rewrites } of choices) {
    const rewrite = allTaken ? rewrites[0] : await firstTaken(obstacle, rewrites, means)
    if (rewrite !== undefined) chosen.set(obstacle, rewrite)
  }
  const same = await sameTrees(
    [...chosen].map(([obstacle, rewrite]) => ({ obstacle, rewrite })),
    means,
  )
  return obstacles.map(obstacle => {
    const rewrite = chosen.get(obstacle)
    return rewrite === undefined || same.get(rewrite) === false ? null : asSuggestion(rewrite, same.get(rewrite), means)
  })
}

function* rewritesOf(
  { construct: { feature, node } }: Obstacle,
  { original: text, root }: SuggestionMeans,
  names: Iterator<string, never>,
): Generator<Rewrite> {
  const above = nodesAt(root, node.startIndex).filter(each => isAround(each, node))
  const place: Place = { node, above, text, names }
  if (isFString(node, text)) yield* fStringRewrites(place)
  else {
    const rewrite = constructRewrite(feature.id, place)
    if (rewrite !== null) yield rewrite
  }
}

function isAround(outer: SyntaxNode, { startIndex, endIndex }: SyntaxNode): boolean {
  const isWider = outer.startIndex < startIndex || outer.endIndex > endIndex
  return isWider && outer.startIndex <= startIndex && outer.endIndex >= endIndex
}

async function firstTaken(
  obstacle: Obstacle,
  rewrites: readonly Rewrite[],
  means: SuggestionMeans,
): Promise<Rewrite | undefined> {
  const starts = await means.sections()
  for (const rewrite of rewrites) if (await isTaken([{ obstacle, rewrite }], means, starts)) return rewrite
  return undefined
}

/** Whether the interpreter compiles the file, in sections, with these obstacles written anew, and all others still masked. */
async function isTaken(tried: readonly Tried[], means: SuggestionMeans, starts: readonly number[]): Promise<boolean> {
  const change = changeBy(tried)
  return change !== null && (await means.ask(changedSections(means, change, starts))).kind === 'compiles'
}

/** Which of the rewrites that should keep the tree do; all at once where they do together. */
async function sameTrees(
  tried: readonly Tried[],
  means: SuggestionMeans,
): Promise<ReadonlyMap<Rewrite, boolean | null>> {
  const keeping = tried.filter(({ rewrite }) => rewrite.keepsTree)
  const compare = async (some: readonly Tried[], starts: readonly number[]) => {
    const change = changeBy(some)
    if (change === null) return null
    const features = some.map(({ obstacle }) => obstacle.construct.feature)
    const before = changedSections(means, { ...change, edits: [] }, starts)
    return means.sameTree([before, changedSections(means, change, starts)], features)
  }
  if (keeping.length === 0) return new Map()
  const together = await compare(keeping, [0])
  if (together === true || keeping.length === 1) return new Map(keeping.map(({ rewrite }) => [rewrite, together]))
  const starts = await means.sections()
  const alone = keeping.map(async each => [each.rewrite, await compare([each], starts)] as const)
  return new Map(await Promise.all(alone))
}

/** Takes the masks of these obstacles off and writes them anew; null when two are about the same characters. */
function changeBy(tried: readonly Tried[]): Change | null {
  const edits = inOrder(tried.flatMap(({ rewrite }) => rewrite.edits))
  return edits && { mask: tried.flatMap(({ obstacle }) => obstacle.mask), edits }
}

/** In the order of the text; null when two of them are about the same characters. */
function inOrder(edits: readonly Edit[]): readonly Edit[] | null {
  const ordered = edits.toSorted((a, b) => a.start - b.start || a.end - b.end)
  return ordered.some((edit, i) => i > 0 && edit.start < ordered[i - 1]!.end) ? null : ordered
}

function asSuggestion(
  { advice, edits }: Rewrite,
  sameTree: boolean | null | undefined,
  { original }: SuggestionMeans,
): Suggestion {
  const starts = lineStarts(original)
  const placed = edits.map(({ start, end, text }) => ({
    start: positionAt(original, starts, start),
    end: positionAt(original, starts, end),
    replacement: text,
  }))
  return { advice, edits: placed, sameTree: sameTree === true ? true : null }
}
