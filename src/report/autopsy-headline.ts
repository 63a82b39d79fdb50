import type { Autopsy } from '../model/autopsy.ts'
import { deploymentTitle } from '../model/deployment.ts'
import type { Finding } from '../model/finding.ts'
import type { Report } from '../model/report.ts'
import { headline } from './headline.ts'
import { plainStyle, type Style } from './style.ts'
import { visible } from './visible.ts'
import { cpython, deployers, listed, stageTitle } from './words.ts'
import { fitted, wrap } from './wrap.ts'

/** The outcome and what failed in the first line, and what Cloud Run says of it. */
export function autopsyHeadline(autopsy: Autopsy, style: Style): string[] {
  const { outcome } = autopsy
  const paint = { broken: style.bad, undecided: style.doubtful, clean: style.good }[outcome]
  return [
    ...fitted(style, `${paint(outcome.toUpperCase())}  ${visible(said(autopsy))}`),
    ...failureLines(autopsy, style),
  ]
}

/** What it was and what it was not, and where the file of the log first breaks, or else the first of those that do. */
export function autopsyConclusion({ verification, crash }: Autopsy, style: Style): string[] {
  if (verification === null || verification.outcome !== 'broken') return []
  const [outcome = '', ...conclusion] = headline(verification, plainStyle)
  const breaks = verification.findings.filter(({ severity, firstBreak }) => severity === 'error' && firstBreak !== null)
  const first = breaks.find(({ path }) => path === crash?.place?.path) ?? breaks[0]
  return [
    style.strong('Conclusion'),
    ...wrap(style, outcome.replace(/^\w+ {2}/, ''), '  '),
    ...conclusion.map(line => `  ${line}`),
    ...(first === undefined ? [] : wrap(style, `First break: ${placeOfBreak(first, verification)}`, '  ')),
  ]
}

function placeOfBreak({ path, sites, firstBreak }: Finding, report: Report): string {
  const line = sites[0]?.start?.line
  const where = visible(`${path}${line === undefined ? '' : `:${line}`}`)
  return `${where} at ${stageTitle(report, firstBreak!.stage)}, on ${cpython(report, firstBreak!.interpreter)}.`
}

function said(autopsy: Autopsy): string {
  const { crash, deployment, outcome } = autopsy
  const subject = deployment === null ? 'the program' : deploymentTitle(deployment)
  if (crash === null) {
    if (outcome === 'clean') return `nothing that was looked at keeps ${subject} from starting`
    if (outcome === 'broken') return `${subject}: no exception in a log says what stops it, the files do`
    return `could not tell what stops ${subject}`
  }
  const { traceback, place, reproduction } = crash
  const name = place?.path ?? place?.containerPath ?? null
  const where = name === null ? '' : ` in ${name}${place!.line === null ? '' : `:${place!.line}`}`
  if (traceback.kind === 'cut') return `the log is cut off inside a traceback${where}: what was raised is not in it`
  const what = `${traceback.exception ?? 'a syntax error'}${where}`
  switch (reproduction.state) {
    case 'reproduced':
      return `${subject} ends with ${what}${onPython(autopsy)}`
    case 'not-examined':
      return `${subject} ends with ${what}, as the log says; that was not reproduced`
    case 'contradicted':
      return `the log says ${what}, and what was looked at does not fail so`
  }
}

function onPython({ verification, crash }: Autopsy): string {
  if (verification === null || crash?.traceback.kind !== 'syntax') return ''
  const versions = listed(deployers(verification).map(({ version }) => version))
  return versions === '' ? '' : ` on CPython ${versions}`
}

function failureLines({ deployment }: Autopsy, style: Style): string[] {
  if (deployment?.failure == null) return []
  const { reason, message } = deployment.failure
  const [first = ''] = message.split(/(?<=[.!]) |\n/, 1)
  const serving = deployment.ready === null ? '' : ` Traffic stays on ${deployment.ready}.`
  const told = [reason, first.trim()].filter(part => part !== null && part !== '').join(': ')
  return wrap(style, visible(`Cloud Run says ${told}${/[.!]$/.test(told) ? '' : '.'}${serving}`))
}
