import { diffArrays } from 'diff'
import type { ChangeDetail, Hunk, HunkLine } from '../../model/change.ts'
import { parseConflicts, placesOf } from './conflict-markers.ts'
import { lineEndings } from './line-endings.ts'
import { bytesOf, countLineEnds, linesOf } from './line-ends.ts'
import { counted, decodeUtf8 } from './text.ts'

/** How much of a difference is kept; the rest is counted. */
const [mostHunks, mostLines, widest] = [3, 12, 160]

/** Unchanged lines around those that changed. */
const around = 1

/** Lines put in and taken out beyond which nobody reads a diff, nor waits for one: the time it takes grows with their square. */
const mostEdits = 50

/**
 * A difference that nothing explains: how many lines came and went, and the first of them. Where line ends changed
 * throughout as well, these are counted by themselves, so that the lines that differ otherwise can be seen.
 */
export function rewritten(before: Buffer, after: Buffer): ChangeDetail {
  if (isGitCrypt(before)) {
    return { says: 'encrypted by git-crypt before: it cannot be compared without the key' }
  }
  const [sameEnds] = lineEndings.undo!(before, after)
  const exact = difference(before, after)
  const besides = sameEnds === undefined ? exact : difference(before, sameEnds)
  const parted = besides.changed < exact.changed
  const notes = [
    ...marked(before, after),
    (parted ? besides : exact).says,
    ...(parted ? [`besides, its line ends changed: ${endsOf(before)} before, ${endsOf(after)} after`] : []),
  ]
  return { says: notes.join('; '), hunks: (parted ? besides : exact).hunks }
}

const gitCrypt = Buffer.from('\0GITCRYPT\0')

/** Whether git-crypt made these bytes, which nobody can read without its key. */
export function isGitCrypt(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, gitCrypt.length)).equals(gitCrypt)
}

function marked(before: Buffer, after: Buffer): string[] {
  const conflicts = parseConflicts(before) === null ? parseConflicts(after) : null
  return conflicts === null ? [] : [placesOf(conflicts)]
}

function endsOf(bytes: Buffer): string {
  return [...countLineEnds(bytes)].map(([end, number]) => `${number} ${end}`).join(', ')
}

interface Difference {
  /** How many lines; infinite where they are too many to tell. */
  readonly changed: number
  readonly says: string
  readonly hunks: readonly Hunk[]
}

function difference(before: Buffer, after: Buffer): Difference {
  const [was, is] = [lines(before), lines(after)]
  const start = commonStart(was, is)
  const end = commonEnd(was, is, start)
  const [removed, added] = [was.slice(start, was.length - end), is.slice(start, is.length - end)]
  const parts = diffArrays([...removed], [...added], { maxEditLength: mostEdits })
  if (parts === undefined) {
    const firstLines = [...removed.slice(0, 3).map(edit('removed')), ...added.slice(0, 3).map(edit('added'))]
    return {
      changed: Number.POSITIVE_INFINITY,
      says: `more than ${mostEdits} lines differ, from line ${start + 1} on`,
      hunks: [{ beforeLine: start + 1, afterLine: start + 1, lines: firstLines }],
    }
  }
  const edits = [
    ...was.slice(Math.max(0, start - around), start).map(edit('same')),
    ...parts.flatMap(({ value, added, removed }) => value.map(edit(added ? 'added' : removed ? 'removed' : 'same'))),
    ...was.slice(was.length - end, was.length - end + around).map(edit('same')),
  ]
  const of = (kind: HunkLine['kind']) => edits.filter(each => each.kind === kind).length
  const says = `${counted(of('removed'), 'line')} taken out, ${of('added')} put in`
  return { changed: of('removed') + of('added'), says, hunks: hunksOf(edits, Math.max(0, start - around) + 1) }
}

function edit(kind: HunkLine['kind']): (line: string) => HunkLine {
  return line => ({ kind, text: line.length > widest ? `${line.slice(0, widest)}…` : line })
}

/** With their ends; decoded as UTF-8, or as latin-1 where that fails. */
function lines(bytes: Buffer): readonly string[] {
  const decoded = decodeUtf8(bytes) ?? bytes.toString('latin1')
  return Array.from(
    linesOf(Buffer.from(decoded)),
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
function hunksOf(edits: readonly HunkLine[], first: number): Hunk[] {
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
