import type { Severity, Site } from '../../model/finding.ts'
import type { Report } from '../../model/report.ts'
import { disarm } from '../disarm.ts'
import { headline } from '../headline.ts'
import { detailsOf, type Occurrence, occurrences } from '../occurrence.ts'
import { spotOf } from '../spot.ts'
import { plainStyle } from '../style.ts'
import { visible } from '../visible.ts'
import { count } from '../words.ts'
import { type AnnotationLevel, workflowCommand } from './workflow-command.ts'

/** GitHub shows no more annotations of one level for a step, and 50 for a job. */
const mostOfLevel = 10

const levels: Readonly<Record<Severity, AnnotationLevel>> = { error: 'error', warning: 'warning', note: 'notice' }

/** The outcome, and commands by which GitHub's runner annotates the files; of more than it shows, the last says how many there are. */
export function github(report: Report): string {
  const all = occurrences(report)
  const annotations = (Object.keys(levels) as Severity[]).flatMap(severity => {
    const ofLevel = all.filter(({ finding }) => finding.severity === severity)
    return annotationsOf(ofLevel, levels[severity], report)
  })
  return disarm(`${headline(report, plainStyle).join('\n')}\n`) + annotations.join('')
}

function annotationsOf(all: readonly Occurrence[], level: AnnotationLevel, report: Report): string[] {
  const shown = all.length > mostOfLevel ? all.slice(0, mostOfLevel - 1) : all
  const commands = shown.map(each => annotationOf(each, level, report))
  if (shown.length === all.length) return commands
  const files = new Set(all.map(({ finding }) => finding.path)).size
  const rest = `${count(all.length - shown.length, `more ${level}`)}, in all ${all.length} in ${count(files, 'file')}; GitHub shows ${mostOfLevel} for a step`
  return [...commands, workflowCommand(level, { title: 'firstbreak' }, rest)]
}

function annotationOf(occurrence: Occurrence, level: AnnotationLevel, report: Report): string {
  const { finding, site } = occurrence
  const { path, line, isNamed, isInRepository } = spotOf(occurrence, report)
  const place = isNamed && isInRepository ? { file: visible(path), line, ...rangeOf(site) } : {}
  const message = detailsOf(occurrence, report).join('\n')
  const outside = isNamed && !isInRepository ? `${visible(path)}: ` : ''
  return workflowCommand(level, { ...place, title: `firstbreak: ${finding.code}` }, `${outside}${message}`)
}

/** The runner takes columns only of what stands on one line; the last is that of the last character. */
function rangeOf(site: Site | null): Readonly<Record<string, number>> {
  if (site?.start == null) return {}
  const { start, end } = site
  if (end !== null && end.line > start.line) return { endLine: end.line }
  const last = end === null ? start.column : Math.max(start.column, end.column - 1)
  return { endLine: start.line, col: start.column, endColumn: last }
}
