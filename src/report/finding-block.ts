import type { Finding } from '../model/finding.ts'
import type { Report } from '../model/report.ts'
import { blockHeading } from './block-heading.ts'
import { codeFrame, firstSites } from './code-frame.ts'
import { allowedWhere } from './feature-words.ts'
import type { Fold } from './fold.ts'
import { hunkLines } from './hunk-lines.ts'
import { sentence } from './sentences/sentence.ts'
import type { Style } from './style.ts'
import { toldOnce } from './told-once.ts'
import { visible } from './visible.ts'
import { count, cpython, versionOf } from './words.ts'
import { fitted, wrap } from './wrap.ts'

/** How much of a fold is shown before the rest is only counted. */
export interface Bounds {
  /** Files of one cause whose code is shown. */
  readonly frames: number
  /** Files of one cause that are named. */
  readonly names: number
  /** Places of one file whose code is shown. */
  readonly sites: number
  /** Whether the code of what breaks nothing that is run is shown as well. */
  readonly ofNotes?: boolean
}

/** One cause: what happened, in a sentence, then the files with the places at which they stop. */
export function findingBlock({ findings }: Fold, report: Report, style: Style, bounds: Bounds): string[] {
  const [first] = findings
  const where = first.firstBreak
  const framed =
    where === null || (first.severity === 'note' && bounds.ofNotes !== true)
      ? 0
      : Math.min(bounds.frames, findings.length)
  return [
    ...blockHeading({ findings }, report, style),
    ...wrap(style, visible(sentence(findings, report)), '  '),
    ...gatheredPaths(first, style, bounds),
    ...findings.slice(0, framed).flatMap(finding => ['', ...framedFile(finding, report, style, bounds)]),
    ...(framed > 0 && framed < findings.length ? [''] : []),
    ...fileList(findings.slice(framed), style, { ...bounds, frames: bounds.frames - framed }),
  ]
}

function framedFile(finding: Finding, report: Report, style: Style, { sites: most }: Bounds): string[] {
  const version = versionOf(report, finding.firstBreak!.interpreter)
  const said = finding.sites.find(({ feature }) => feature !== null)
  // Of what no version is known to take, the place itself tells them.
  const isTold = said === undefined || allowedWhere(said.feature!) === ''
  const words = isTold ? '' : `, in the words of ${cpython(report, finding.firstBreak!.interpreter)}: ${said.message}`
  const rest = finding.sites.length - most
  const title = fileTitle(finding)
  const [head = '', ...more] = wrap(
    style,
    `${title}${happened(finding)}${visible(places(finding) + words)}`,
    '  ',
    '    ',
  )
  return [
    head.replace(title, () => style.strong(title)),
    ...more,
    ...indent(
      codeFrame(Number.isFinite(most) ? toldOnce(firstSites(finding, most), version) : finding, version, style),
    ),
    ...(rest > 0 ? [style.dim(`  and ${count(rest, 'more place')} in it (--verbose shows them all)`)] : []),
    ...indent(difference(finding, style)),
  ]
}

/** Each file with its places; many files that have none are counted by directory. */
function fileList(findings: readonly Finding[], style: Style, { names, frames }: Bounds): string[] {
  if (findings.length > names && findings.every(({ sites }) => sites.length === 0))
    return wrap(style, byDirectory(findings), '  ')
  // The sentences of a conflict and of a collision name their files.
  const named = findings
    .filter(({ path, evidence }) => path !== null && !evidence.conflict && !evidence.collision)
    .slice(0, names)
  const rest = findings.length - names
  return [
    ...named.flatMap((finding, i) => [
      ...fitted(style, `${fileTitle(finding)}${happened(finding)}${places(finding)}`, '  ', '    '),
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

/** Directories that are named. */
const mostDirectories = 8

/** `app/ (12 files), tests/ (4 files)`: by the first directory, in the order of the paths. */
function byDirectory(findings: readonly Finding[]): string {
  const counts = new Map<string, number>()
  for (const { path } of findings) {
    const directory = path?.includes('/') ? `${path.split('/', 1)[0]}/` : 'the top directory'
    counts.set(directory, (counts.get(directory) ?? 0) + 1)
  }
  const shown = [...counts]
    .slice(0, mostDirectories)
    .map(([directory, number]) => `${visible(directory)} (${count(number, 'file')})`)
  return shown.join(', ') + (counts.size > mostDirectories ? ` and below ${counts.size - mostDirectories} more` : '')
}

/** A path, and the one in the image where that ends otherwise. */
export function fileTitle({ path, evidence }: Finding): string {
  const moved = evidence.imagePath !== undefined && !evidence.imagePath.endsWith(`/${path}`)
  return visible(path ?? '') + (moved ? visible(` (${evidence.imagePath})`) : '')
}

/** What became of the bytes, in words. */
export function happened({ evidence }: Finding): string {
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
