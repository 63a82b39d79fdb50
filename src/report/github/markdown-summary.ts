import type { Report } from '../../model/report.ts'
import { headline } from '../headline.ts'
import { nextSteps } from '../next-steps.ts'
import { type Occurrence, occurrences, summaryOf } from '../occurrence.ts'
import { spotOf } from '../spot.ts'
import { plainStyle } from '../style.ts'
import { visible } from '../visible.ts'
import { count, short } from '../words.ts'

/**
 * The report as Markdown for the summary of a step: the outcome, the way, a row for each place, what to do. Of the rows as many as
 * `room` takes, in bytes of UTF-8, and the number of the others; empty when there is not even room for the rest.
 */
export function markdownSummary(report: Report, room: number): string {
  const top = `## firstbreak: ${report.outcome}\n\n${plain(headline(report, plainStyle).join(' '))}\n\n${way(report)}\n`
  const steps = nextSteps(report).map(step => `- ${plain(step)}\n`)
  const bottom = steps.length === 0 ? '' : `\n### What to do\n\n${steps.join('')}`
  const all = occurrences(report)
  const head = all.length === 0 ? '' : '\n| | where | what |\n| --- | --- | --- |\n'
  // The longest of its kind, so that there is room for whichever it is.
  const left = (rows: number) =>
    rows === all.length ? '' : `\n${count(all.length - rows, 'more place')} not listed here.\n`
  const rows: string[] = []
  let rest = room - size(top) - size(head) - size(left(0)) - size(bottom)
  if (rest < 0) return ''
  for (const each of all) {
    const row = rowOf(each, report)
    rest -= size(row)
    if (rest < 0) break
    rows.push(row)
  }
  return `${top}${head}${rows.join('')}${left(rows.length)}${bottom}`
}

function way({ stages, interpreters }: Report): string {
  const columns = [
    '',
    'Python files',
    ...interpreters.map(({ version, roles }) => `${version} ${roles.join('+')} rejects`),
  ]
  const rows = stages.map(({ name, reference, pythonFiles, rejectedBy }) => [
    reference === null ? plain(name) : `${plain(name)} ${code(short(reference))}`,
    String(pythonFiles),
    ...rejectedBy.map(({ files }) => String(files)),
  ])
  return [columns.map(plain), columns.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |\n`).join('')
}

function rowOf(occurrence: Occurrence, report: Report): string {
  const { path, line, isNamed } = spotOf(occurrence, report)
  const { severity, code: name } = occurrence.finding
  const where = isNamed ? code(`${visible(path)}:${line}`) : ''
  return `| ${severity} | ${where} | ${code(name)} ${plain(summaryOf(occurrence, report))} |\n`
}

/** Text that shows as it is. All ASCII punctuation is written as references, which no Markdown takes for markup, nor for a link. */
function plain(text: string): string {
  return visible(text).replace(/[!-/:-@[-`{-~]/g, character => `&#${character.charCodeAt(0)};`)
}

/** In HTML, as what stands in backticks knows no references. */
function code(text: string): string {
  return `<code>${plain(text)}</code>`
}

function size(text: string): number {
  return Buffer.byteLength(text)
}
