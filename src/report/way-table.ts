import { grouped } from '../model/grouped.ts'
import type { Report, StageSummary } from '../model/report.ts'
import { interpreterLabels } from './interpreter-labels.ts'
import type { Style } from './style.ts'
import { visible } from './visible.ts'
import { short } from './words.ts'

type Row = readonly { readonly text: string; readonly paint?: (text: string) => string }[]

/** The way as a row of stages: what pins each down, how many Python files it holds, their digest, and who rejects how many; if `isBrief`, without digests. */
export function wayTable(report: Report, style: Style, isBrief = false): string[] {
  const { stages, interpreters } = report
  const labels = interpreterLabels(report)
  const rows: Row[] = [
    [{ text: '' }, ...stages.map(({ name }) => ({ text: visible(name), paint: style.strong }))],
    [{ text: '' }, ...stages.map(stage => ({ text: pin(stage), paint: style.dim }))],
    [{ text: 'Python files' }, ...stages.map(({ pythonFiles }) => ({ text: grouped(pythonFiles) }))],
    ...(isBrief ? [] : [[{ text: 'their digest' }, ...digestCells(stages, style)]]),
    ...interpreters.map(
      ({ id }, i): Row => [
        { text: `${visible(labels[i]!)} rejects` },
        ...stages.map(({ rejectedBy }) => {
          const files = rejectedBy[i]?.files ?? 0
          return {
            text: grouped(files),
            paint: files === 0 || id !== rejectedBy[i]?.interpreter ? style.good : style.bad,
          }
        }),
      ],
    ),
  ]
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map(row => row[column]!.text.length)))
  return rows.map(row =>
    `  ${row.map(({ text, paint }, column) => paintPadded(text, widths[column]!, paint)).join('   ')}`.trimEnd(),
  )
}

/** Padding is not painted, so that colours never change where columns stand. */
function paintPadded(text: string, width: number, paint: ((text: string) => string) | undefined): string {
  return (paint === undefined ? text : paint(text)) + ' '.repeat(width - text.length)
}

/** A digest that differs from the stage before it is set off. */
function digestCells(stages: readonly StageSummary[], style: Style): Row {
  return stages.map(({ digest }, i) => {
    const same = i > 0 && stages[i - 1]!.digest === digest
    return { text: same ? `= ${short(digest)}` : short(digest), paint: same || i === 0 ? style.dim : style.doubtful }
  })
}

function pin({ kind, reference }: StageSummary): string {
  if (reference !== null) return short(reference)
  return kind === 'predicted-upload' ? 'predicted' : 'on disk'
}
