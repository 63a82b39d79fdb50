import { capitalized } from '../../model/capitalized.ts'
import type { FileTrace, TracedStage } from '../../model/file-trace.ts'
import type { Report } from '../../model/report.ts'
import { causesOf } from '../causes.ts'
import { lead, shipped, stageName, untold } from '../conclusion.ts'
import { cpython, deployers, listed, stageTitle, versionsOf } from '../words.ts'

/** What it was with one file and what it was not, in one sentence; text from outside is not yet fit for a terminal. */
export function fileConclusion({ report, stages }: FileTrace): string {
  const held = stages.filter(({ file }) => file !== null)
  const parts = [
    ...bytes(stages, held, report),
    ...causesOf(report, () => 'it'),
    ...installed(report),
    shipped(report),
    untold(report),
    compiling(held, report),
  ]
  // Where its bytes change before they are sent, that is no corruption, and not the absence of a change either.
  const isChanged = stages.some(({ change }) => change !== null)
  const beginning = isChanged && lead(report).startsWith('Not') ? '' : lead(report)
  return `${capitalized(`${beginning}${parts.filter(part => part !== '').join('; ')}`)}.`
}

/** `the same bytes from commit to image`, or between which stages they are others, and which have none. */
function bytes(stages: readonly TracedStage[], held: readonly TracedStage[], report: Report): string[] {
  const [first] = held
  const last = held.at(-1)
  if (first === undefined || last === undefined) return []
  const isBeside = report.findings.some(({ code }) => code === 'unexpected-in-image')
  if (held.length === 1) {
    return stages.length === 1 && !isBeside ? [] : [`only ${stageTitle(report, first.stage.name)} has it`]
  }
  const ends = (from: string, to: string) => `from ${stageName(report, from)} to ${stageName(report, to)}`
  const changes = held.flatMap(({ stage, change }) => (change === null ? [] : ends(change.since, stage.name)))
  const lacking = stages.filter(({ file }) => file === null).map(({ stage }) => stageTitle(report, stage.name))
  return [
    changes.length === 0
      ? `the same bytes ${ends(first.stage.name, last.stage.name)}`
      : `other bytes ${listed(changes)}`,
    ...(lacking.length === 0 ? [] : [`it is not in ${listed(lacking)}`]),
  ]
}

/** Of a file of no stage's source, of which no cause is told. */
function installed({ findings, ...report }: Report): string[] {
  return findings.flatMap(({ firstBreak, evidence }) => {
    if (firstBreak === null || evidence.installed !== true) return []
    const rejects = `${cpython({ findings, ...report }, firstBreak.interpreter)} rejects it`
    return evidence.newDirectory === undefined ? `it is installed in the image, and ${rejects}` : rejects
  })
}

/** Of a file that no interpreter rejects at any stage. */
function compiling(held: readonly TracedStage[], report: Report): string {
  const judges = deployers(report).length > 0 ? deployers(report) : report.interpreters
  const verdicts = held.flatMap(each => each.verdicts).filter(each => judges.some(({ id }) => id === each.interpreter))
  const compiles = verdicts.length > 0 && verdicts.every(({ verdict }) => verdict.kind === 'compiles')
  return compiles ? `it compiles on CPython ${versionsOf(judges)}` : ''
}
