import type { LineCommits, TracedLine } from '../../model/file-trace.ts'
import type { LineCommit } from '../../model/line-history.ts'
import type { Report } from '../../model/report.ts'
import type { Style } from '../style.ts'
import { visible } from '../visible.ts'
import { stageTitle } from '../words.ts'

/** Lines that follow one another at one stage and are of one commit. */
type Run = Omit<TracedLine, 'line'> & { readonly first: number; readonly last: number }

/** Who wrote the lines at which a file stops, and which commits touched them before. */
export function commitLines(
  { lines, history, historyComplete, remarks }: LineCommits,
  report: Report,
  style: Style,
): string[] {
  const known = new Set(lines.flatMap(({ origin }) => origin?.id ?? []))
  // Where nothing could be told, the remarks say why.
  if (known.size === 0 && remarks.length > 0) return []
  const earlier = history.filter(({ id }) => !known.has(id))
  const rows = runsOf(lines).map(({ stage, first, last, origin }) => {
    const numbers = first === last ? `line ${first}` : `lines ${first}-${last}`
    const nobody = `not in the commit: only in ${stageTitle(report, stage)}`
    return [numbers, origin === null ? visible(nobody) : commitText(origin)] as const
  })
  const width = Math.max(...rows.map(([numbers]) => numbers.length))
  return [
    style.strong('Who wrote these lines'),
    ...rows.map(([numbers, text]) => `  ${numbers.padEnd(width)}   ${text}`),
    ...earlier.map(commit => style.dim(`  ${'before'.padEnd(width)}   ${commitText(commit)}`)),
    ...(historyComplete ? [] : [style.dim(`  ${''.padEnd(width)}   and earlier ones`)]),
  ]
}

/** `1a2b3c4d 2026-05-01 Ada: the first line of the message`, cut where it is long. */
function commitText({ id, date, author, summary }: LineCommit): string {
  return `${id.slice(0, 8)} ${date.slice(0, 10)} ${cut(visible(author), 30)}: ${cut(visible(summary), 60)}`
}

function cut(text: string, widest: number): string {
  return text.length > widest ? `${text.slice(0, widest)}…` : text
}

function runsOf(lines: readonly TracedLine[]): Run[] {
  const runs: Run[] = []
  for (const { stage, line, origin } of lines) {
    const run = runs.at(-1)
    const isNext = run?.stage === stage && run.last === line - 1 && run.origin?.id === origin?.id
    if (isNext) runs[runs.length - 1] = { ...run, last: line }
    else runs.push({ stage, first: line, last: line, origin })
  }
  return runs
}
