import type { Finding } from '../model/finding.ts'
import { compareVersions } from '../model/interpreter.ts'
import type { Decider, PushReport } from '../model/push.ts'
import { codeFrame, firstSites } from './code-frame.ts'
import type { Style } from './style.ts'
import { visible } from './visible.ts'
import { count, listed } from './words.ts'
import { wrap } from './wrap.ts'

/** What of a push is shown, so that it fits a screen. */
const [mostPlaces, mostFrames, mostNames, mostReasons] = [3, 2, 4, 4]

/** How to do without, for whoever is stopped. */
export const pushAnyway = 'To push once as it is: git push --no-verify'

/** What a person who pushes must know, line by line; nothing where all is well. `several`: whether the push carries more. */
export function pushText(report: PushReport, style: Style, several: boolean): string[] {
  const of = several ? ` in ${listed(report.refs.map(visible))}` : ''
  switch (report.outcome) {
    case 'broken':
      return [
        ...wrap(style, `firstbreak: ${style.bad('not pushed')}${of}: ${whatBreaks(report)}`),
        '',
        ...files(report, style),
        '',
        ...after(report, style),
      ]
    case 'undecided':
      return [
        ...wrap(style, `firstbreak: ${style.doubtful('could not tell')}${of} whether what is pushed compiles`),
        ...reasons(report, style),
      ]
    case 'clean':
      return passed(report, of)
  }
}

function breaking({ findings }: PushReport): readonly Finding[] {
  return findings.filter(({ severity, firstBreak }) => severity === 'error' && firstBreak !== null)
}

function whatBreaks(report: PushReport): string {
  const broken = new Set(breaking(report).map(({ path }) => path)).size
  const which = report.decidedBefore === null ? 'that this push changes' : 'of this push'
  const who = rejecters(report).map(deciderTitle)
  const do_ = broken === 1 ? 'does' : 'do'
  return `${broken} of ${count(report.changed, 'Python file')} ${which} ${do_} not compile on ${listed(who)}`
}

function rejecters(report: PushReport): readonly Decider[] {
  const ids = new Set(
    report.findings.flatMap(({ verdicts }) =>
      verdicts.flatMap(each => (each.verdict === 'breaks' ? each.interpreter : [])),
    ),
  )
  return report.deciders.filter(({ interpreter }) => ids.has(interpreter.id))
}

/** `CPython 3.11.7, which runs them (Dockerfile:1)`. */
function deciderTitle({ interpreter: { version }, because, declared }: Decider): string {
  const role = { deploy: ', which runs them', range: ', which the project supports', default: '' }[because]
  return `CPython ${version}${role} (${visible(declared.from)})`
}

/** The first places with their lines, then the names of further files. */
function files(report: PushReport, style: Style): string[] {
  const broken = breaking(report)
  const lines: string[] = []
  let places = mostPlaces
  const framed = broken.slice(0, mostFrames).filter(finding => {
    if (places <= 0) return false
    lines.push(...file(finding, report, { style, most: places }))
    places -= Math.max(1, finding.sites.length)
    return true
  })
  const others = broken.slice(framed.length)
  lines.push(...others.slice(0, mostNames).map(finding => `  ${visible(finding.path!)}${linesOf(finding)}`))
  if (others.length > mostNames) lines.push(style.dim(`  and ${count(others.length - mostNames, 'more file')}`))
  return lines
}

function file(
  finding: Finding,
  { deciders }: PushReport,
  { style, most }: { readonly style: Style; readonly most: number },
): string[] {
  const { version } = deciders.find(
    ({ interpreter }) => interpreter.id === finding.firstBreak!.interpreter,
  )!.interpreter
  const few = firstSites(finding, most)
  const marked = new Set(few.sites.map(({ start }) => start?.line))
  const frame = codeFrame({ ...few, excerpt: few.excerpt.filter(({ number }) => marked.has(number)) }, version, style)
  return [`${style.strong(visible(finding.path!))}${linesOf(finding)}${standsFor(finding)}`, ...frame]
}

function linesOf({ sites, sitesComplete }: Finding): string {
  const lines = [...new Set(sites.flatMap(({ start }) => start?.line ?? []))]
  if (lines.length === 0) return ''
  const shown = lines.length > 8 ? [...lines.slice(0, 8), '…'] : lines
  return `: ${lines.length === 1 ? 'line' : 'lines'} ${shown.join(', ')}${sitesComplete ? '' : ', and perhaps more'}`
}

function standsFor({ evidence }: Finding): string {
  if (evidence.standsFor === undefined) return ''
  return evidence.standsFor === 'git-lfs' ? ' (a Git LFS pointer, and no source)' : ' (encrypted by git-crypt)'
}

/** What else is to be known, and what to do. */
function after(report: PushReport, style: Style): string[] {
  const { decidedBefore, findings } = report
  const before = decidedBefore?.map(({ version, from }) => `${version} (${visible(from)})`) ?? []
  const sites = findings.flatMap(each => each.sites)
  const since = sites
    .flatMap(({ feature }) => feature?.since ?? [])
    .sort(compareVersions)
    .at(-1)
  const advice =
    since === undefined ? 'Mend these places' : `Rewrite these places, or run them on Python ${since} or later`
  return [
    ...(before.length === 0
      ? []
      : [`This push changes which Python decides, ${listed(before)} until now, so every file was looked at.`]),
    ...unchangedLines(report),
    ...wrap(style, `${advice}; firstbreak shows them all. ${pushAnyway}`),
  ]
}

function unchangedLines({ unchanged: { broken, unknown } }: PushReport): string[] {
  const files = broken === 1 ? 'file that the push does not change does' : 'files that the push does not change do'
  return [
    ...(broken === 0 ? [] : [`${broken} ${files} not compile either.`]),
    ...(unknown === 0
      ? []
      : [`${count(unknown, 'file')} that the push does not change ${unknown === 1 ? 'was' : 'were'} not looked at.`]),
  ]
}

/** Why nobody could tell, and what to do about it. */
function reasons({ findings }: PushReport, style: Style): string[] {
  const undecided = findings.filter(({ code }) => code === 'undecided')
  const shown = undecided
    .slice(0, mostReasons)
    .flatMap(({ path, evidence: { reason = '' } }) =>
      wrap(style, `${path === null ? '' : `${visible(path)}: `}${visible(reason)}`, '  '),
    )
  const rest = undecided.length - mostReasons
  return [...shown, ...(rest > 0 ? [`  and ${rest} more`] : []), pushAnyway]
}

/** At most one line: what is broken at the remote already, else on whose word nobody knows. */
function passed({ deciders, unchanged, changed }: PushReport, of: string): string[] {
  const [first] = deciders
  if (first === undefined || changed === 0) return []
  if (unchanged.broken > 0) {
    const files =
      unchanged.broken === 1 ? '1 that it does not change does' : `${unchanged.broken} that it does not change do`
    return [
      `firstbreak: what is pushed${of} compiles on ${deciderTitle(first)}; ${files} not, and firstbreak names them`,
    ]
  }
  if (first.because !== 'default') return []
  return [
    `firstbreak: judged${of} by CPython ${first.interpreter.version} (${visible(first.declared.from)}), as nothing says which Python runs this: set deploy-python in [tool.firstbreak]`,
  ]
}
