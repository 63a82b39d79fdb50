import type { Conflict, Finding } from '../model/finding.ts'
import type { Report } from '../model/report.ts'
import { codeFrame } from './code-frame.ts'
import type { Fold } from './fold.ts'
import type { Style } from './style.ts'
import { visible } from './visible.ts'
import { count, cpython, listed, short, stageTitle } from './words.ts'
import { wrap } from './wrap.ts'

/** How much of a fold is shown before the rest is only counted. */
export interface Bounds {
  /** Files of one cause whose code is shown. */
  readonly frames: number
  /** Files of one cause that are named. */
  readonly names: number
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
  const framed = where === null || first.severity === 'note' ? 0 : Math.min(bounds.frames, findings.length)
  return [
    heading.filter(part => part !== null).join('  '),
    ...wrap(visible(sentence(findings, report)), '  '),
    ...findings.slice(0, framed).flatMap(finding => ['', ...framedFile(finding, report, style)]),
    ...(framed > 0 && framed < findings.length ? [''] : []),
    ...fileList(findings.slice(framed), style, bounds),
  ]
}

function framedFile(finding: Finding, report: Report, style: Style): string[] {
  const said = finding.sites.find(({ feature }) => feature !== null)
  const words =
    said === undefined ? '' : `, in the words of ${cpython(report, finding.firstBreak!.interpreter)}: ${said.message}`
  return [
    `  ${style.strong(fileTitle(finding))}${visible(places(finding) + words)}`,
    ...indent(codeFrame(finding, style)),
  ]
}

/** Each file with its places; many files that have none are counted by directory. */
function fileList(findings: readonly Finding[], style: Style, { names }: Bounds): string[] {
  if (findings.length > names && findings.every(({ sites }) => sites.length === 0))
    return wrap(byDirectory(findings), '  ')
  // A conflict's sentence names its files.
  const named = findings
    .filter(({ path, evidence }) => path !== null && evidence.conflict === undefined)
    .slice(0, names)
  const rest = findings.length - names
  return [
    ...named.map(finding => `  ${fileTitle(finding)}${places(finding)}`),
    ...(rest > 0 ? [style.dim(`  and ${count(rest, 'more file')} (--verbose names them all)`)] : []),
  ]
}

/** `app/ (12 files), tests/ (4 files)`: by the first directory, in the order of the paths. */
function byDirectory(findings: readonly Finding[]): string {
  const counts = new Map<string, number>()
  for (const { path } of findings) {
    const directory = path?.includes('/') ? `${path.split('/', 1)[0]}/` : 'the top directory'
    counts.set(directory, (counts.get(directory) ?? 0) + 1)
  }
  const shown = [...counts].slice(0, 8).map(([directory, number]) => `${visible(directory)} (${count(number, 'file')})`)
  return shown.join(', ') + (counts.size > 8 ? ` and below ${counts.size - 8} more` : '')
}

function fileTitle({ path, evidence }: Finding): string {
  const moved = evidence.imagePath !== undefined && !evidence.imagePath.endsWith(`/${path}`)
  return visible(path ?? '') + (moved ? visible(` (${evidence.imagePath})`) : '')
}

function places({ sites, sitesComplete }: Finding): string {
  const lines = [...new Set(sites.flatMap(({ start }) => start?.line ?? []))]
  if (lines.length === 0) return ''
  const more = sitesComplete ? '' : ', and perhaps more: the search was given up'
  return `: ${lines.length === 1 ? 'line' : `${sites.length} places, lines`} ${lines.join(', ')}${more}`
}

/** What happened, and how it is known. */
function sentence(findings: Fold['findings'], report: Report): string {
  return [whatHappened(findings[0], report), scope(findings, report)].filter(part => part !== '').join(' ')
}

function whatHappened({ code, firstBreak, evidence }: Finding, report: Report): string {
  const { before, after, change, effect, acceptedBy = [], layer, rule, reason, sameAs, conflict } = evidence
  const rejecter = firstBreak === null ? '' : cpython(report, firstBreak.interpreter)
  const accepters = listed(acceptedBy.map(id => cpython(report, id)))
  const [from, to] = [stageTitle(report, before?.stage ?? ''), stageTitle(report, after?.stage ?? '')]
  const hold = sameAs === undefined ? '' : ` It holds the bytes of ${stageTitle(report, sameAs)}.`
  switch (code) {
    case 'version-skew':
      return `The bytes never changed, the interpreter did: ${accepters} takes them, ${rejecter} rejects them.`
    case 'broken-source':
      return `Already broken as committed: ${rejecter} rejects it, and so does every other interpreter asked.`
    case 'uncommitted-change':
      return `${uncommitted(change, to)}, and ${consequence(effect, rejecter, accepters)}`
    case 'altered-in-upload':
      return `The bytes in ${to} are not those of ${from}, and ${consequence(effect, rejecter, accepters)}${hold}`
    case 'altered-in-image': {
      const by =
        layer === undefined
          ? ''
          : ` Layer ${layer.index} (${short(layer.diffId)}) wrote them: ${layer.createdBy ?? 'its instruction is not recorded'}.`
      const what = change === 'added' ? `Not in ${from}, only in ${to}` : `The bytes in ${to} are not those of ${from}`
      return `${what}, and ${consequence(effect, rejecter, accepters)}${by}${hold}`
    }
    case 'missing-from-upload':
      if (rule === undefined) return `In ${from}, and not in ${to}.`
      return `In ${from}, and not in ${to}: the rule ${rule.text} (${rule.file}${rule.line === null ? '' : `:${rule.line}`}) keeps it out.`
    case 'missing-from-image':
      return `In ${from}, and not in ${to}.`
    case 'policy-conflict':
      return conflict === undefined ? '' : disagreement(conflict)
    case 'undecided':
      return `Could not tell: ${reason}.`
  }
}

function disagreement({ kind, declared }: Conflict): string {
  const said = declared.map(({ from, says }) => `${from} says ${says}`)
  const others = said.slice(0, -1)
  const { from, says } = declared.at(-1)!
  switch (kind) {
    case 'differs':
      return `${said.join(', ')}.`
    case 'outside-range':
      return `${listed(others)}, which ${from} does not admit: ${says}.`
    case 'never-tested':
      return `${said.at(-1)}, and no workflow sets that up: ${listed(others)}.`
  }
}

function uncommitted(change: string | undefined, stage: string): string {
  if (change === 'added') return `In ${stage}, and in no commit that was looked at`
  return change === 'removed'
    ? `Committed, and gone from ${stage}`
    : `The bytes in ${stage} are not those of the commit`
}

function consequence(effect: string | undefined, rejecter: string, accepters: string): string {
  if (effect === 'mends') return 'that mends it: what is committed does not compile.'
  if (rejecter !== '') return `${rejecter} rejects them${accepters === '' ? '' : `, though ${accepters} takes them`}.`
  return effect === 'breaks'
    ? 'that breaks it, for a while: later stages hold other bytes.'
    : 'they compile no better and no worse.'
}

/** Whether it matters: the file is in the container, or it is not. */
function scope([{ code, shipped }, ...others]: Fold['findings'], report: Report): string {
  if (shipped !== false || code.startsWith('missing-')) return ''
  const last = stageTitle(report, report.stages.at(-1)!.name)
  return others.length > 0
    ? `None of them is in ${last}, so nothing there runs them.`
    : `It is not in ${last}, so nothing there runs it.`
}

function indent(lines: readonly string[]): string[] {
  return lines.map(line => `  ${line}`)
}
