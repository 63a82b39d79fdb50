import type { Finding } from '../model/finding.ts'
import type { Report } from '../model/report.ts'
import { blockHeading } from './block-heading.ts'
import { codeFrame, firstSites } from './code-frame.ts'
import { directories } from './directories.ts'
import { fileTitle, happened } from './finding-block.ts'
import type { Fold } from './fold.ts'
import { afterHeading } from './sentences/sentence.ts'
import { describeSite, describeSuggestion } from './site-words.ts'
import type { Style } from './style.ts'
import { toldOnce } from './told-once.ts'
import { visible } from './visible.ts'
import { versionOf } from './words.ts'
import { wrap } from './wrap.ts'

/** How the first place of a cause is shown: in a sentence, as code, or as code with the lines around it. */
export type PlaceView = 'sentence' | 'code' | 'context'

/** Longer lines of code are cut. Characters. */
const widestCode = 60

/** A cause where there are many findings: what, how many, where, and the first place with what to write there. */
export function briefBlock(fold: Fold, report: Report, style: Style, view: PlaceView): string[] {
  const [first] = fold.findings
  const isFramed = view !== 'sentence' && first.firstBreak !== null && first.sites.length > 0
  const unsaid = visible(afterHeading(fold.findings, report))
  return [
    ...blockHeading(fold, report, style),
    ...(unsaid === '' ? [] : wrap(style, unsaid, '  ')),
    ...(isFramed
      ? [
          ...wrap(style, [...whereFiles(fold), titleOf(first)].join(', first '), '  '),
          ...frame(first, report, style, view),
        ]
      : [
          ...whereFiles(fold).map(line => `  ${line}`),
          ...(first.path === null ? [] : wrap(style, firstPlace(first, report), '  ', '    ')),
        ]),
  ]
}

/** Of a single file, its name says it. */
function whereFiles({ findings }: Fold): string[] {
  const paths = findings.flatMap(({ path, evidence }) => evidence.paths ?? path ?? [])
  return paths.length < 2 ? [] : [directories(paths)]
}

function frame(finding: Finding, report: Report, style: Style, view: PlaceView): string[] {
  const version = versionOf(report, finding.firstBreak!.interpreter)
  const first = toldOnce(firstSites(finding, 1), version)
  const line = first.sites[0]?.start?.line
  const excerpt = view === 'context' ? first.excerpt : first.excerpt.filter(({ number }) => number === line)
  return codeFrame({ ...first, excerpt }, version, style).map(each => `  ${each}`)
}

/** `app/m5.py, line 22: invalid syntax │ x = = 1`, with the help that there is. */
function firstPlace(finding: Finding, report: Report): string {
  const { firstBreak, sites, excerpt } = finding
  const [site] = sites
  if (firstBreak === null || site === undefined) return titleOf(finding)
  const line = site.start?.line
  const where = line === undefined ? '' : `, line ${line}`
  const code = visible(excerpt.find(({ number }) => number === line)?.text.trim() ?? '')
  const shown = code.length > widestCode ? `${code.slice(0, widestCode)}…` : code
  const help = site.suggestion === null ? '' : ` (help: ${describeSuggestion(site.suggestion)})`
  const what = describeSite(site, versionOf(report, firstBreak.interpreter))
  return `${titleOf(finding)}${where}: ${what}${shown === '' ? '' : ` │ ${shown}`}${help}`
}

/** That some lines are others says no more than that the bytes are. */
function titleOf(finding: Finding): string {
  return fileTitle(finding) + (finding.evidence.change === 'rewritten' ? '' : happened(finding))
}
