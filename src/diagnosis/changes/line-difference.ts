import { diffArrays } from 'diff'
import type { Hunk, HunkLine } from '../../model/change.ts'
import { bytesOf, linesOf } from './line-ends.ts'
import { counted, decodeUtf8 } from './text.ts'

/** How much of a difference is kept; the rest is counted. */
export interface DifferenceBounds {
  readonly hunks: number
  /** Of each hunk. */
  readonly lines: number
  /** Unchanged lines around those that changed. */
  readonly around: number
  /** Lines put in and taken out beyond which nobody reads a diff, nor waits for one: the time it takes grows with their square. */
  readonly edits: number
}

/** Longer lines are cut. */
const widest = 160

export interface LineDifference {
  /** How many lines; infinite where they are too many to tell. */
  readonly changed: number
  readonly says: string
  readonly hunks: readonly Hunk[]
}

/** How two contents differ, line by line. */
export function lineDifference(before: Buffer, after: Buffer, bounds: DifferenceBounds): LineDifference {
  const { around } = bounds
  const [was, is] = [lines(before), lines(after)]
  const start = commonStart(was, is)
  const end = commonEnd(was, is, start)
  const [removed, added] = [was.slice(start, was.length - end), is.slice(start, is.length - end)]
  const parts = diffArrays([...removed], [...added], { maxEditLength: bounds.edits })
  if (parts === undefined) {
    const firstLines = [...removed.slice(0, 3).map(edit('removed')), ...added.slice(0, 3).map(edit('added'))]
    return {
      changed: Number.POSITIVE_INFINITY,
      says: `more than ${bounds.edits} lines differ, from line ${start + 1} on`,
      hunks: [{ beforeLine: start + 1, afterLine: start + 1, lines: firstLines }],
    }
  }
  const edits = [
    ...was.slice(Math.max(0, start - around), start).map(edit('same')),
    ...parts.flatMap(({ value, added, removed }) => value.map(edit(added ? 'added' : removed ? 'removed' : 'same'))),
    ...was.slice(was.length - end, was.length - end + around).map(edit('same')),
  ]
  const of = (kind: HunkLine['kind']) => edits.filter(each => each.kind === kind).length
  const says = said(of('removed'), of('added'))
  return { changed: of('removed') + of('added'), says, hunks: hunksOf(edits, Math.max(0, start - around) + 1, bounds) }
}

/** `1 line taken out, 2 put in`; a side on which there is nothing is not counted. */
function said(removed: number, added: number): string {
  if (removed === 0 && added > 0) return `${counted(added, 'line')} put in`
  return `${counted(removed, 'line')} taken out${added === 0 ? '' : `, ${added} put in`}`
}

function edit(kind: HunkLine['kind']): (line: string) => HunkLine {
  return line => ({ kind, text: line.length > widest ? `${line.slice(0, widest)}…` : line })
}

/** With their ends. */
function lines(bytes: Buffer): readonly string[] {
  return Array.from(
    linesOf(Buffer.from(decoded(bytes))),
    ({ text, end }) => text.toString() + (end === null ? '' : bytesOf[end]),
  )
}

function commonStart(a: readonly string[], b: readonly string[]): number {
  let at = 0
  while (at < a.length && at < b.length && a[at] === b[at]) at++
  return at
}

function commonEnd(a: readonly string[], b: readonly string[], start: number): number {
  let size = 0
  while (size < Math.min(a.length, b.length) - start && a.at(-1 - size) === b.at(-1 - size)) size++
  return size
}

/** Runs of changed lines with what stands around them, as far as they are kept. `first` is the number of the first line. */
function hunksOf(
  edits: readonly HunkLine[],
  first: number,
  { hunks: mostHunks, lines: mostLines, around }: DifferenceBounds,
): Hunk[] {
  const hunks: { beforeLine: number; afterLine: number; lines: HunkLine[] }[] = []
  let [beforeLine, afterLine, lastKept] = [first, first, -2]
  for (const [i, line] of edits.entries()) {
    if (edits.slice(Math.max(0, i - around), i + around + 1).some(({ kind }) => kind !== 'same')) {
      if (lastKept !== i - 1) hunks.push({ beforeLine, afterLine, lines: [] })
      if (hunks.at(-1)!.lines.length < mostLines) hunks.at(-1)!.lines.push(line)
      lastKept = i
    }
    if (line.kind !== 'added') beforeLine++
    if (line.kind !== 'removed') afterLine++
  }
  return hunks.slice(0, mostHunks)
}

/**
 * The lines of `after` that stand in `before` as well, by their numbers in either, 1-based and counted as Python does; what ends
 * them does not count. Where more lines differ than are looked through, only those of the same beginning and end.
 */
export function linesKept(
  before: Buffer,
  after: Buffer,
  { edits }: Pick<DifferenceBounds, 'edits'>,
): ReadonlyMap<number, number> {
  const [was, is] = [pythonLines(before), pythonLines(after)]
  const kept = new Map<number, number>()
  const keep = (from: number, to: number, count: number) => {
    for (let i = 0; i < count; i++) kept.set(to + i, from + i)
  }
  const start = commonStart(was, is)
  const end = commonEnd(was, is, start)
  keep(1, 1, start)
  keep(was.length - end + 1, is.length - end + 1, end)
  const [removed, added] = [was.slice(start, was.length - end), is.slice(start, is.length - end)]
  let [from, to] = [start + 1, start + 1]
  for (const part of diffArrays(removed, added, { maxEditLength: edits }) ?? []) {
    if (!part.added && !part.removed) keep(from, to, part.value.length)
    if (!part.added) from += part.value.length
    if (!part.removed) to += part.value.length
  }
  return kept
}

function pythonLines(bytes: Buffer): string[] {
  return decoded(bytes).split(/\r\n|\r|\n/)
}

/** As UTF-8, or as latin-1 where that fails. */
function decoded(bytes: Buffer): string {
  return decodeUtf8(bytes) ?? bytes.toString('latin1')
}
