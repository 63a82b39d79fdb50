import type { Finding } from '../model/finding.ts'
import type { Report } from '../model/report.ts'
import { codeFrame, firstSites } from './code-frame.ts'
import type { Fold } from './fold.ts'
import { hunkLines } from './hunk-lines.ts'
import { sentence } from './sentences/sentence.ts'
import type { Style } from './style.ts'
import { visible } from './visible.ts'
import { count, cpython, stageTitle, versionOf } from './words.ts'
import { wrap } from './wrap.ts'

/** How much of a fold is shown before the rest is only counted. */
export interface Bounds {
  /** Files of one cause whose code is shown. */
  readonly frames: number
  /** Files of one cause that are named. */
  readonly names: number
  /** Places of one file whose code is shown. */
  readonly sites: number
  /** Whether more files than are named are all counted by directory instead. */
  readonly counted?: boolean
  /** Whether the code of what breaks nothing that is run is shown as well. */
  readonly ofNotes?: boolean
}

/** One cause: what happened, in a sentence, then the files with the places at which they stop. */
export function findingBlock({ findings }: Fold, report: Report, style: Style, bounds: Bounds): string[] {
  const [first] = findings
  const paint = { error: style.bad, warning: style.doubtful, note: style.strong }[first.severity]
  const where = first.firstBreak
  const heading = [
    `${paint(first.severity)} ${style.strong(first.code)}`,
    findings.length > 1 ? count(findings.length, 'file') : null,
    where === null ? null : `first break: ${stageTitle(report, where.stage)}, on ${cpython(report, where.interpreter)}`,
  ]
  const framed =
    where === null || (first.severity === 'note' && bounds.ofNotes !== true)
      ? 0
      : Math.min(bounds.frames, findings.length)
  return [
    heading.filter(part => part !== null).join('  '),
    ...wrap(visible(sentence(findings, report)), '  '),
    ...gatheredPaths(first, style, bounds),
    ...findings.slice(0, framed).flatMap(finding => ['', ...framedFile(finding, report, style, bounds)]),
    ...(framed > 0 && framed < findings.length ? [''] : []),
    ...fileList(findings.slice(framed), style, { ...bounds, frames: bounds.frames - framed, isRest: framed > 0 }),
  ]
}

function framedFile(finding: Finding, report: Report, style: Style, { sites: most }: Bounds): string[] {
  const said = finding.sites.find(({ feature }) => feature !== null)
  const words =
    said === undefined ? '' : `, in the words of ${cpython(report, finding.firstBreak!.interpreter)}: ${said.message}`
  const rest = finding.sites.length - most
  return [
    `  ${style.strong(fileTitle(finding))}${happened(finding)}${visible(places(finding) + words)}`,
    ...indent(codeFrame(firstSites(finding, most), versionOf(report, finding.firstBreak!.interpreter), style)),
    ...(rest > 0 ? [style.dim(`  and ${count(rest, 'more place')} in it (--verbose shows them all)`)] : []),
    ...indent(difference(finding, style)),
  ]
}

/** Each file with its places; many files that have none are counted by directory. */
function fileList(
  findings: readonly Finding[],
  style: Style,
  { names, frames, counted = false, isRest }: Bounds & { isRest: boolean },
): string[] {
  if (findings.length > names && (counted || findings.every(({ sites }) => sites.length === 0)))
    return wrap(byDirectory(findings, isRest), '  ')
  // The sentences of a conflict and of a collision name their files.
  const named = findings
    .filter(({ path, evidence }) => path !== null && !evidence.conflict && !evidence.collision)
    .slice(0, names)
  const rest = findings.length - names
  return [
    ...named.flatMap((finding, i) => [
      `  ${fileTitle(finding)}${happened(finding)}${places(finding)}`,
      ...(i < frames ? indent(difference(finding, style)) : []),
    ]),
    ...(rest > 0 ? [style.dim(`  and ${count(rest, 'more file')} (--verbose names them all)`)] : []),
  ]
}

/** The files that one finding is about. */
function gatheredPaths({ evidence: { paths = [] } }: Finding, style: Style, { names }: Bounds): string[] {
  const rest = paths.length - names
  return [
    ...paths.slice(0, names).map(path => `  ${visible(path)}`),
    ...(rest > 0 ? [style.dim(`  and ${count(rest, 'more file')} (--verbose names them all)`)] : []),
  ]
}

/** `app/ (12 files), tests/ (4 files)`: by the first directory, in the order of the paths. */
function byDirectory(findings: readonly Finding[], isRest: boolean): string {
  const counts = new Map<string, number>()
  for (const { path } of findings) {
    const directory = path?.includes('/') ? `${path.split('/', 1)[0]}/` : 'the top directory'
    counts.set(directory, (counts.get(directory) ?? 0) + 1)
  }
  const shown = [...counts].slice(0, 8).map(([directory, number]) => `${visible(directory)} (${count(number, 'file')})`)
  const start = isRest ? `and ${count(findings.length, 'more file')}: ` : ''
  return start + shown.join(', ') + (counts.size > 8 ? ` and below ${counts.size - 8} more` : '')
}

function fileTitle({ path, evidence }: Finding): string {
  const moved = evidence.imagePath !== undefined && !evidence.imagePath.endsWith(`/${path}`)
  return visible(path ?? '') + (moved ? visible(` (${evidence.imagePath})`) : '')
}

/** What became of the bytes, in words. */
function happened({ evidence }: Finding): string {
  return evidence.changeDetail === undefined ? '' : ` (${visible(evidence.changeDetail.says)})`
}

function difference({ evidence }: Finding, style: Style): string[] {
  return indent(hunkLines(evidence.changeDetail?.hunks ?? [], style))
}

function places({ code, sites, sitesComplete, evidence }: Finding): string {
  const lines = [...new Set(sites.flatMap(({ start }) => start?.line ?? []))]
  if (lines.length === 0) return ''
  const given = code === 'syntax-warning' ? ' and more' : ', and perhaps more: the search was given up'
  const more = sitesComplete || evidence.unsearched === true ? '' : given
  return `: ${lines.length === 1 ? 'line' : `${sites.length} places, lines`} ${lines.join(', ')}${more}`
}

function indent(lines: readonly string[]): string[] {
  return lines.map(line => `  ${line}`)
}
