import type { Finding } from '../model/finding.ts'
import type { Report } from '../model/report.ts'
import type { Style } from './style.ts'
import { count, deployers, listed } from './words.ts'
import { wrap } from './wrap.ts'

/** The outcome in the first line, and the conclusion in the next. */
export function headline(report: Report, style: Style): string[] {
  const { outcome } = report
  const paint = { broken: style.bad, undecided: style.doubtful, clean: style.good }[outcome]
  const conclusion = [concluded(report), uploadedOtherwise(report)].filter(part => part !== '').join(' ')
  return [`${paint(outcome.toUpperCase())}  ${said(report)}`, ...(conclusion === '' ? [] : wrap(conclusion))]
}

function said(report: Report): string {
  const { outcome, findings } = report
  const errors = findings.filter(({ severity }) => severity === 'error')
  const who = listed((deployers(report).length > 0 ? deployers(report) : report.interpreters).map(each => each.version))
  const runs = deployers(report).length > 0 ? `CPython ${who}, which runs them` : `each of CPython ${who}`
  if (outcome === 'undecided') return `could not tell: ${count(errors.length, 'thing')} that could not be looked at`
  if (outcome === 'clean')
    return `all ${count(lookedAt(report), 'Python file')} at the end of the way compile on ${runs}`
  if (errors.every(({ firstBreak }) => firstBreak === null)) return otherwiseWrong(errors)
  const broken = new Set(errors.filter(({ firstBreak }) => firstBreak !== null).map(({ path }) => path)).size
  const shipped = errors.every(({ shipped }) => shipped === true) ? ' in the image' : ''
  return `${count(broken, 'Python file')}${shipped} ${broken === 1 ? 'does' : 'do'} not compile on CPython ${who}`
}

/** That what goes up is not what is committed, which no other sentence says of a clean run. */
function uploadedOtherwise({ findings, stages }: Report): string {
  if (!stages.some(({ place }) => place === 'upload')) return ''
  const otherwise = findings.filter(
    ({ code, evidence }) =>
      (code === 'uncommitted-change' && (evidence.uploaded === true || evidence.submodule !== undefined)) ||
      code === 'altered-in-upload',
  )
  const files = new Set(otherwise.map(({ path }) => path)).size
  return files === 0 ? '' : `What is uploaded is not what is committed: ${count(files, 'file')}.`
}

/** Errors that no interpreter stumbles over. */
function otherwiseWrong(errors: readonly Finding[]): string {
  const stale = errors.filter(({ code }) => code === 'stale-in-image')
  const files = stale.reduce((sum, { evidence }) => sum + (evidence.paths?.length ?? 1), 0)
  if (files > 0) return `${count(files, 'Python file')} in the image ${files === 1 ? 'is' : 'are'} of an older commit`
  return `${count(errors.length, 'thing')} wrong: ${listed([...new Set(errors.map(({ code }) => code))])}`
}

function lookedAt({ stages }: Report): number {
  return stages.at(-1)?.pythonFiles ?? 0
}

/** What it was and what it was not, as far as the bytes were followed. */
function concluded(report: Report): string {
  if (report.outcome !== 'broken') return ''
  const state = new Map(report.hypotheses.map(({ id, state }) => [id, state]))
  const ways = ['bytes-altered-in-upload', 'bytes-altered-in-build'] as const
  const altered = ways.filter(id => state.get(id) === 'confirmed')
  const intact = ways.filter(id => state.get(id) === 'refuted')
  const causes = causesOf(report)
  if (altered.length > 0) {
    const where = altered.map(id => (id === 'bytes-altered-in-upload' ? 'in the upload' : 'in the build'))
    return `Bytes were altered ${listed(where)}.${causes}`
  }
  return intact.length > 0 ? `Not corruption: no byte changed ${intactWay(intact)}.${causes}` : causes.trim()
}

function intactWay(intact: readonly string[]): string {
  if (intact.length === 2) return 'in the upload or in the build'
  return intact[0] === 'bytes-altered-in-upload' ? 'in the upload' : 'in the build'
}

/** How many files each cause explains. */
function causesOf({ findings, interpreters, stages }: Report): string {
  const isCommitted = stages.some(({ place }) => place === 'commit')
  const errors = findings.filter(({ severity, firstBreak }) => severity === 'error' && firstBreak !== null)
  const of = (code: string) => errors.filter(each => each.code === code)
  const needs = listed(
    [...new Set(errors.flatMap(({ sites }) => sites.flatMap(({ feature }) => feature?.since ?? [])))].sort(),
  )
  const runs = listed(
    [...new Set(errors.map(({ firstBreak }) => firstBreak!.interpreter))].flatMap(
      id => interpreters.find(each => each.id === id)?.version ?? [],
    ),
  )
  const sentences = [
    [
      of('version-skew').length,
      (n: string) => `${n} written for a newer Python than ${runs}${needs === '' ? '' : ` (needs ${needs})`}`,
    ],
    [of('uncommitted-change').length, (n: string) => `${n} broken by a change that is in no commit`],
    [of('altered-in-upload').length, (n: string) => `${n} broken by the upload`],
    [of('stale-in-image').length, (n: string) => `${n} from an older commit than what was uploaded`],
    [of('altered-in-image').length, (n: string) => `${n} broken by the build`],
    [
      of('broken-source').length,
      (n: string) => `${n} ${isCommitted ? 'broken as committed' : 'broken'}, on every Python asked`,
    ],
  ] as const
  const told = sentences.filter(([number]) => number > 0).map(([number, say]) => say(count(number, 'file')))
  return told.length === 0 ? '' : ` ${told.join('; ')}.`
}
