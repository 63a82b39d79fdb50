import type { Finding } from '../model/finding.ts'
import type { Report } from '../model/report.ts'
import { allowedWhere } from './feature-words.ts'
import type { Fold } from './fold.ts'
import type { Style } from './style.ts'
import { count, cpython, someOf, stageTitle } from './words.ts'
import { fitted, widest } from './wrap.ts'

/** `error version-skew  2 files with a match statement  first break: the commit, on CPython 3.9.7`, in one line or two. */
export function blockHeading({ findings }: Fold, report: Report, style: Style): string[] {
  const [{ severity, code, firstBreak: where }] = findings
  const paint = { error: style.bad, warning: style.doubtful, note: style.strong }[severity]
  const about = [filesOf(findings), constructs(findings)].filter(part => part !== '').join(' with ')
  const left = [`${severity} ${code}`, about].filter(part => part !== '').join('  ')
  const painted = left.replace(`${severity} ${code}`, () => `${paint(severity)} ${style.strong(code)}`)
  if (where === null) return [painted]
  const first = `first break: ${stageTitle(report, where.stage)}, on ${cpython(report, where.interpreter)}`
  return left.length + 2 + first.length > widest(style)
    ? [...fitted(style, painted, '', '  '), ...fitted(style, first, '  ')]
    : [`${painted}  ${first}`]
}

function filesOf(findings: readonly Finding[]): string {
  return findings.length > 1 ? count(findings.length, 'file') : ''
}

/** What an interpreter is too old or too new for, by which causes that are else alike are told apart; of files that were not searched nobody knows. */
function constructs(findings: readonly Finding[]): string {
  if (findings.some(({ code, evidence }) => code !== 'version-skew' || evidence.unsearched === true)) return ''
  const features = findings.flatMap(({ sites }) => sites.flatMap(({ feature }) => feature ?? []))
  return someOf([...new Set(features.filter(each => allowedWhere(each) !== '').map(({ title }) => title))])
}
