import type { FileTrace, TracedStage } from '../../model/file-trace.ts'
import type { Verdict } from '../../model/verdict.ts'
import { interpreterLabels } from '../interpreter-labels.ts'
import type { Style } from '../style.ts'
import { visible } from '../visible.ts'
import { short } from '../words.ts'

interface Cell {
  readonly text: string
  readonly paint?: (text: string) => string
}

/** A row for each stage: the digest, set off where it is another than before, the size, who takes it, and where it stands there. */
export function stageTable({ path, report, stages }: FileTrace, style: Style): string[] {
  const heading = ['', 'digest', 'bytes', ...interpreterLabels(report), '']
  const rows: Cell[][] = [
    heading.map(text => ({ text, paint: style.dim })),
    ...stages.map((stage): Cell[] => [
      { text: visible(stage.stage.name), paint: style.strong },
      ...heldCells(stage, stages, style),
      ...report.interpreters.map(({ id }) => verdictCell(stage, id, style)),
      { text: whereElse(stage, path), paint: style.dim },
    ]),
  ]
  const widths = heading.map((_, column) => Math.max(...rows.map(row => row[column]!.text.length)))
  return rows.map(row => `  ${row.map((cell, column) => padded(cell, widths[column]!)).join('   ')}`.trimEnd())
}

/** Padding is not painted, so that colours never change where columns stand; blanks at the end of a line go. */
function padded({ text, paint }: Cell, width: number): string {
  return (paint === undefined || text === '' ? text : paint(text)) + ' '.repeat(width - text.length)
}

function heldCells(stage: TracedStage, stages: readonly TracedStage[], style: Style): Cell[] {
  const { file } = stage
  if (file === null) return [{ text: 'not there', paint: style.doubtful }, { text: '' }]
  const before = heldBefore(stage, stages)
  const isSame = before?.sha256 === file.sha256 && before.kind === file.kind
  const digest = isSame
    ? { text: `= ${short(file.sha256)}`, paint: style.dim }
    : { text: short(file.sha256), paint: before === undefined ? style.dim : style.doubtful }
  return [digest, { text: String(file.size) }]
}

/** As the stage before has it; for an image, as it went up. */
function heldBefore(of: TracedStage, stages: readonly TracedStage[]): TracedStage['file'] | undefined {
  const earlier = stages.slice(0, stages.indexOf(of)).filter(({ file }) => file !== null)
  return earlier.findLast(({ stage }) => of.stage.place !== 'image' || stage.place !== 'image')?.file
}

function verdictCell({ file, verdicts }: TracedStage, id: string, style: Style): Cell {
  const verdict = verdicts.find(({ interpreter }) => interpreter === id)?.verdict
  if (verdict === undefined) return { text: file?.kind === 'symlink' ? 'a link' : '' }
  const paint = { compiles: style.good, breaks: style.bad, undecided: style.doubtful }[verdict.kind]
  return { text: verdictText(verdict), paint }
}

function verdictText(verdict: Verdict): string {
  if (verdict.kind !== 'breaks') return verdict.kind
  return verdict.at === null ? 'breaks' : `breaks, line ${verdict.at.line}`
}

/** Its path there, where that is not the one in the title, and where a link leads. */
function whereElse({ stage, file }: TracedStage, path: string): string {
  if (file === null) return ''
  const there = stage.place === 'image' ? `/${file.path}` : file.path
  return visible(
    [...(there === path ? [] : [there]), ...(file.target === undefined ? [] : [`-> ${file.target}`])].join(' '),
  )
}
