import { grouped } from '../model/grouped.ts'
import type { Hypothesis } from '../model/hypothesis.ts'
import { type DeclaredVersion, isOfImage, minorVersion } from '../model/interpreter.ts'
import type { Report } from '../model/report.ts'
import type { CheckedMapping } from '../model/trace.ts'
import { comparisonLines } from './comparison-lines.ts'
import { disarm } from './disarm.ts'
import { findingBlocks, isMany } from './finding-blocks.ts'
import { headline } from './headline.ts'
import { imageTitle } from './image-words.ts'
import { nextSteps, unseenStages } from './next-steps.ts'
import { plainStyle, type Style } from './style.ts'
import { visible } from './visible.ts'
import { wayTable } from './way-table.ts'
import { count, cpython, deployers, layerTitle, listed, stageTitle } from './words.ts'
import { wrap } from './wrap.ts'

export interface TextOptions {
  readonly style: Style
  /** Every file of every finding; otherwise folds are cut. */
  readonly verbose: boolean
  /** The outcome and what breaks, no more. */
  readonly quiet: boolean
}

/** Files that are named of two images; where much else is to be said, so many. */
const [mostCompared, fewCompared] = [8, 2]

const defaults: TextOptions = { style: plainStyle, verbose: false, quiet: false }

/**
 * The report for a person: outcome, conclusion, the way, what breaks and why, images side by side, the theories, what to do. Of many
 * findings it is kept to a screenful.
 */
export function text(report: Report, options: TextOptions = defaults): string {
  const { style, verbose, quiet } = options
  const shownFindings = quiet ? report.findings.filter(({ severity }) => severity === 'error') : report.findings
  const isBrief = !verbose && isMany(shownFindings)
  const blocks = findingBlocks(shownFindings, report, style, verbose)
  const steps = nextSteps(report)
  const end = [
    ...(quiet ? [] : [theories(report.hypotheses, style, isBrief), remarks(report, style, isBrief)]),
    ...(steps.length === 0 ? [] : [[style.strong('What to do'), ...steps.flatMap(step => bullet(step, style))]]),
  ]
  const sections = [
    headline(report, style, isBrief),
    ...(quiet ? [] : whatWasLookedAt(report, style, isBrief)),
    ...blocks,
    ...(quiet
      ? []
      : report.comparisons.map(each =>
          comparisonLines(each, style, verbose ? Number.POSITIVE_INFINITY : isBrief ? fewCompared : mostCompared),
        )),
    ...(isBrief ? [end.flat()] : end),
  ]
  const shown = sections.filter(lines => lines.length > 0).map(lines => lines.join('\n'))
  return disarm(`${shown.join('\n\n')}\n`)
}

/** The stages, and who judged them; if `isBrief`, only on whose word what runs the files was chosen. */
function whatWasLookedAt(report: Report, style: Style, isBrief: boolean): string[][] {
  const table = wayTable(report, style, isBrief)
  if (!isBrief) return [table, interpreterLines(report, style)]
  const runners = { ...report, interpreters: deployers(report), mappings: [], stages: [] }
  return [[...table, ...interpreterLines(runners, style)]]
}

/** Those of what the deploy role rests on that mean this version; where none does, all. */
function declaredOf(version: string, deploy: readonly DeclaredVersion[]): readonly DeclaredVersion[] {
  const meant = deploy.filter(each => minorVersion(each.version) === minorVersion(version))
  return meant.length > 0 ? meant : deploy
}

/** Who judged, in what role, on whose word, where the image keeps the source, what it runs, and where. */
export function interpreterLines(report: Report, style: Style): string[] {
  const { interpreters, roles, mappings } = report
  const lines = interpreters.map(interpreter => {
    const { version, provider, roles: has, standsInFor, checks } = interpreter
    const from = [
      ...(has.includes('deploy') ? declaredOf(version, roles.deploy) : []),
      ...(has.includes('dev') && roles.dev ? [roles.dev] : []),
    ]
    const words = [
      `CPython ${version} (${isOfImage(interpreter) ? `${visible(stageTitle(report, interpreter.stage))}'s own` : provider})`,
      standsInFor === null ? '' : `standing in for ${visible(standsInFor)}`,
      checks.length === 0 ? '' : `to check ${listed(checks.map(id => cpython(report, id)))}`,
      from.length === 0
        ? ''
        : `as ${from.map(each => visible(each.from)).join(' and ')} ${from.length === 1 ? 'says' : 'say'}`,
    ]
    return [has.join('+') || 'also asked', words.filter(word => word !== '').join(', ')]
  })
  for (const mapping of mappings) {
    const { stage, imageDirectory, sourceDirectory } = mapping
    const source = sourceDirectory === '' ? "the repository's root" : visible(sourceDirectory)
    lines.push([
      visible(stage),
      `/${visible(imageDirectory)} holds ${source}${renamed(mapping) || moved(mapping, report)} (${whySo(mapping)})`,
    ])
  }
  for (const { name, description } of report.stages) {
    if (description !== null) lines.push([visible(name), visible(imageTitle(description))])
  }
  const width = Math.max(...lines.map(([name]) => name!.length))
  return lines.flatMap(([name = '', says = '']) => {
    const [head = '', ...rest] = wrap(style, says, `  ${name.padEnd(width)}   `, ' '.repeat(width + 5))
    return [head.replace(name, () => style.strong(name)), ...rest]
  })
}

/** That a single file has another name in the image than in the source, where the Dockerfile does not say so. */
function renamed({ imageDirectory, sourceDirectory, from, saidBy }: CheckedMapping): string {
  const isFile = /\.pyw?$/.test(sourceDirectory) && /\.pyw?$/.test(imageDirectory)
  if (!isFile || saidBy !== null || from === 'option') return ''
  return ', under another name that no COPY gives it: an import by its own name does not find it there'
}

/** That a layer took a directory to where it is, and what that does to imports. */
function moved({ moved, stage }: Report['mappings'][number], { stages }: Report): string {
  if (moved === undefined) return ''
  const layer = stages.find(({ name }) => name === stage)?.layers?.[moved.layer]
  const by =
    layer === undefined ? 'a layer' : `${layerTitle(layer)}, ${layer.createdBy ?? 'whose instruction is not recorded'}`
  const fails = moved.isPackage ? ': an import by its own name does not find it there' : ''
  return visible(`, moved there from /${moved.from} by ${by}${fails}`)
}

/** How a mapping was found, and how sure it is. */
function whySo({ from, equal, compared, saidBy }: CheckedMapping): string {
  const counted = equal === 0 ? 'no equal file' : `${grouped(equal)} of ${count(compared, 'file')} with equal bytes`
  const said = saidBy === null ? '' : visible(saidBy)
  switch (from) {
    case 'content':
      return said === '' ? counted : `${counted}, as ${said} says`
    case 'dockerfile':
      return `by ${said}, ${counted}`
    case 'working-directory':
      return `its WORKDIR, ${counted}`
    case 'option':
      return `--map, ${counted}`
  }
}

const states = ['confirmed', 'refuted', 'not-examined'] as const

/** Decided ones first; theories that wait for the same thing share a line, and if `isBrief`, all that have the same answer, without it. */
function theories(hypotheses: readonly Hypothesis[], style: Style, isBrief: boolean): string[] {
  const lines = states.flatMap(state => {
    const decided = hypotheses.filter(each => each.state === state)
    if (isBrief && decided.length > 1) return theory(style, state, decided.map(({ id }) => id).join(', '))
    return [...new Set(decided.map(({ evidence }) => evidence))].flatMap(evidence => {
      const ids = decided.filter(each => each.evidence === evidence).map(({ id }) => id)
      return theory(style, state, `${ids.join(', ')}: ${visible(evidence)}`)
    })
  })
  return [style.strong('Theories') + (isBrief ? style.dim(' (--verbose says why)') : ''), ...lines]
}

function theory(style: Style, state: Hypothesis['state'], says: string): string[] {
  const paint = { confirmed: style.bad, refuted: style.good, 'not-examined': style.dim }[state]
  const [head = '', ...rest] = wrap(style, says, `  ${state.padEnd(12)}  `, ' '.repeat(16))
  return [head.replace(state, () => paint(state)), ...rest]
}

/** What was not looked at is an answer to theories already, but where `isBrief` leaves those out. */
function remarks(report: Report, style: Style, isBrief: boolean): string[] {
  const lines = [...(isBrief ? unseenStages(report) : []), ...report.remarks]
  return lines.length === 0 ? [] : [style.strong('Remarks'), ...lines.flatMap(line => bullet(visible(line), style))]
}

/** An item of a list, over as many lines as it takes. */
export function bullet(text: string, style: Style): string[] {
  return wrap(style, text, '  - ', '    ')
}
