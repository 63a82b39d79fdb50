import type { Site } from '../../model/finding.ts'
import type { Report } from '../../model/report.ts'
import type { Position } from '../../model/verdict.ts'
import type { Occurrence } from '../occurrence.ts'
import { placeInFile, type Spot, spotOf } from '../spot.ts'
import { visible } from '../visible.ts'
import { stageTitle } from '../words.ts'
import { messageOf } from './message.ts'
import { uriOf } from './uri.ts'

/** The root of the repository, which no report names by an absolute path. */
export const sourceRoot = '%SRCROOT%'

/** Code scanning takes no more than 1,000 locations for a result, and keeps 100. */
const mostRelated = 100

/** Where an occurrence is: a place in a file, and the stage at which it is told. */
export function locationOf(occurrence: Occurrence, report: Report): object {
  const spot = spotOf(occurrence, report)
  const { firstBreak, evidence } = occurrence.finding
  const stage = firstBreak?.stage ?? evidence.after?.stage ?? evidence.provenance?.stage
  const index = report.stages.findIndex(({ name }) => name === stage)
  return {
    physicalLocation: {
      artifactLocation: artifactOf(spot),
      region:
        occurrence.site?.start == null ? { startLine: spot.line } : regionOf(occurrence.site.start, occurrence.site),
    },
    ...(index === -1 ? {} : { logicalLocations: [{ index, fullyQualifiedName: visible(stage!) }] }),
  }
}

/** The stages, as what `logicalLocations` of results count. */
export function stageLocations(report: Report): object[] {
  return report.stages.map(({ name, kind }) => ({
    name: visible(name),
    fullyQualifiedName: visible(name),
    decoratedName: visible(stageTitle(report, name)),
    kind,
  }))
}

/** What else has to do with it: other files of the same finding, the rule or instruction that did it, where the Python is declared. */
export function relatedLocations({ finding }: Occurrence, report: Report): object[] {
  const { evidence, firstBreak } = finding
  const { rule, copies = [], copiedBy, paths = [], collision } = evidence
  const isDeployed = report.interpreters.some(
    ({ id, roles }) => id === firstBreak?.interpreter && roles.includes('deploy'),
  )
  const declared = isDeployed ? report.roles.deploy.map(({ from }) => from) : []
  const lines = [
    ...declared.map(from => [from, 'The Python that runs it is declared here.'] as const),
    ...[...copies, ...(copiedBy === undefined ? [] : [copiedBy])].map(
      ({ from, text }) => [from, visible(text)] as const,
    ),
    ...(rule === undefined ? [] : [[`${rule.file}:${rule.line}`, visible(rule.text)] as const]),
    ...(evidence.conflict?.declared.map(({ from, says }) => [from, visible(says)] as const) ?? []),
  ]
  const places = lines.flatMap(([from, text]) => {
    const place = placeInFile(from)
    return place === null ? [] : [{ ...place, text }]
  })
  const files = [...paths, ...(collision?.paths.map(({ path }) => path) ?? [])]
  const all = [...places, ...files.map(path => ({ path, line: 1, text: visible(path) }))]
  return all.slice(0, mostRelated).map(({ path, line, text }, i) => ({
    id: i + 1,
    physicalLocation: { artifactLocation: artifactOf({ path, isInRepository: true }), region: { startLine: line } },
    message: messageOf([text]),
  }))
}

/** A file that only an image holds is not said to be below the root of the repository. */
export function artifactOf({ path, isInRepository }: Pick<Spot, 'path' | 'isInRepository'>): object {
  return { uri: uriOf(path), ...(isInRepository ? { uriBaseId: sourceRoot } : {}) }
}

/** Both count lines and code points from 1, and end just behind the last character. */
export function regionOf(start: Position, { end }: Pick<Site, 'end'>): object {
  const region = { startLine: start.line, startColumn: start.column }
  const isBehind = end !== null && (end.line > start.line || (end.line === start.line && end.column >= start.column))
  return isBehind ? { ...region, endLine: end.line, endColumn: end.column } : region
}
