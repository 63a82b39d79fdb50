import type { Finding } from '../model/finding.ts'
import type { CastInterpreter } from '../model/interpreter.ts'
import type { Report } from '../model/report.ts'
import { furtherConclusion } from './conclusion.ts'
import type { Style } from './style.ts'
import { visible } from './visible.ts'
import { count, deployers, listed, stageTitle, versionsOf } from './words.ts'
import { fitted, wrap } from './wrap.ts'

/** The outcome in the first line, and the conclusion in the next; if `isBrief`, nothing of what its causes say. */
export function headline(report: Report, style: Style, isBrief = false): string[] {
  const { outcome } = report
  const isSaid = isBrief && outcome === 'broken'
  const paint = { broken: style.bad, undecided: style.doubtful, clean: style.good }[outcome]
  const sentences = [furtherConclusion(report), isSaid ? '' : uploadedOtherwise(report)]
    .filter(part => part !== '')
    .join(' ')
  return [
    ...fitted(style, `${paint(outcome.toUpperCase())}  ${said(report)}`),
    ...(sentences === '' ? [] : wrap(style, visible(sentences))),
  ]
}

function said(report: Report): string {
  const { outcome, findings } = report
  const errors = findings.filter(({ severity }) => severity === 'error')
  const runners = deployers(report).length > 0 ? deployers(report) : report.interpreters
  if (outcome === 'undecided') return couldNotTell(errors)
  if (outcome === 'clean') return compiling(report, versionsOf(runners))
  if (errors.every(({ firstBreak }) => firstBreak === null)) return otherwiseWrong(errors)
  const broken = new Set(errors.filter(({ firstBreak }) => firstBreak !== null).map(({ path }) => path)).size
  const shipped = errors.every(({ shipped }) => shipped === true) ? ' in the image' : ''
  return `${count(broken, 'Python file')}${shipped} ${broken === 1 ? 'does' : 'do'} not compile on CPython ${versionsOf(rejecters(errors, runners))}`
}

/** Those of the interpreters that reject a file where it breaks first. */
function rejecters(errors: readonly Finding[], runners: readonly CastInterpreter[]): readonly CastInterpreter[] {
  const rejecting = new Set(
    errors.flatMap(({ firstBreak, verdicts }) =>
      verdicts.flatMap(({ stage, interpreter, verdict }) =>
        stage === firstBreak?.stage && verdict === 'breaks' ? [interpreter] : [],
      ),
    ),
  )
  return runners.filter(({ id }) => rejecting.has(id))
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

/** The reason itself, where there is one. */
function couldNotTell(errors: readonly Finding[]): string {
  const reasons = new Set(errors.flatMap(({ evidence }) => evidence.reason ?? []))
  const [reason] = reasons
  const paths = new Set(errors.map(({ path }) => path))
  const [path] = paths
  if (reason !== undefined && reasons.size === 1 && paths.size === 1)
    return `could not tell${path == null ? '' : ` of ${visible(path)}`}: ${visible(reason)}`
  return `could not tell: ${count(errors.length, 'thing')} that could not be looked at`
}

function compiling(report: Report, who: string): string {
  const last = report.stages.at(-1)
  const files = last?.pythonFiles ?? 0
  const where = last === undefined ? '' : ` in ${visible(stageTitle(report, last.name))}`
  const [what, them] = files === 1 ? ['the one Python file', 'it'] : [`all ${count(files, 'Python file')}`, 'them']
  const runs = deployers(report).length > 0 ? `CPython ${who}, which runs ${them}` : `each of CPython ${who}`
  return `${what}${where} ${files === 1 ? 'compiles' : 'compile'} on ${runs}`
}
