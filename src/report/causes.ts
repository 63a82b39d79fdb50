import type { Finding } from '../model/finding.ts'
import { grouped } from '../model/grouped.ts'
import { compareVersions } from '../model/interpreter.ts'
import { copiesFrom } from '../model/layer-instruction.ts'
import type { Path } from '../model/path.ts'
import type { Report } from '../model/report.ts'
import { ages } from './ages.ts'
import { listed, stageTitle, versionOf } from './words.ts'

type Findings = readonly Finding[]

/** The paths that an interpreter rejects. */
export function brokenFiles(findings: Findings): ReadonlySet<Path> {
  return new Set(findings.filter(isBroken).flatMap(({ path }) => path ?? []))
}

/** How many files, as the subject of a clause. */
type Subject = (files: number) => string

/** What each cause explains, the one of most files first: `9 need Python 3.12, the image runs 3.11.9`. */
export function causesOf(report: Report, subject: Subject = grouped): string[] {
  const counted = (findings: Findings, what: string) => clause(findings, what, subject)
  const broken = report.findings.filter(isBroken)
  const isCommitted = report.stages.some(({ place }) => place === 'commit')
  const of = (code: Finding['code']) => broken.filter(each => each.code === code)
  const wrong = report.findings.filter(({ severity, firstBreak }) => severity === 'error' && firstBreak === null)
  const told: readonly (readonly [files: number, clause: string])[] = [
    ...skewed(of('version-skew'), report, subject),
    counted(of('uncommitted-change'), 'broken by a change that is in no commit'),
    counted(of('altered-in-upload'), 'broken by the upload'),
    counted(of('altered-in-image'), `broken by ${builtBy(of('altered-in-image'))}`),
    counted(
      [...of('stale-in-image'), ...wrong.filter(({ code }) => code === 'stale-in-image')],
      'of an earlier commit',
    ),
    counted(of('broken-source'), `${isCommitted ? 'broken as committed' : 'broken'}, on every Python asked`),
    counted(
      wrong.filter(({ code }) => code === 'stale-bytecode'),
      'run from a .pyc that was made of another source',
    ),
  ]
  const clauses = told
    .filter(([files]) => files > 0)
    .toSorted(([a], [b]) => b - a)
    .map(([, clause]) => clause)
  const mismatches = wrong.filter(({ code }) => code === 'provenance-mismatch').length
  const [unharmed, changed] = counted(harmless(report), 'changed on the way and not broken by that')
  return [
    ...clauses,
    ...(unharmed > 0 ? [changed] : []),
    ...(mismatches > 0 ? ['what was looked at is not what the records name'] : []),
  ]
}

/** In the image's standard library and packages much is never imported. */
function isBroken({ firstBreak, evidence }: Finding): boolean {
  return firstBreak !== null && evidence.installed !== true
}

function filesOf(findings: Findings): number {
  return new Set(findings.flatMap(({ path, evidence }) => evidence.paths ?? path ?? [])).size
}

function clause(findings: Findings, what: string, subject: Subject): readonly [files: number, clause: string] {
  const files = filesOf(findings)
  return [files, `${subject(files)} ${files === 1 ? 'is' : 'are'} ${what}`]
}

/** By what they need; the interpreter that lacks it is named once, with those that are most. */
function skewed(findings: Findings, report: Report, subject: Subject): (readonly [number, string])[] {
  // Of files that were not searched nobody knows what they need, only who takes them.
  const isKnown = findings.every(({ evidence }) => evidence.unsearched !== true)
  const need = (finding: Finding) => (isKnown ? needOf(finding, report) : takenBy(finding, report))
  const groups = [...new Set(findings.map(need))]
    .map(each => [filesOf(findings.filter(finding => need(finding) === each)), each] as const)
    .toSorted(([a], [b]) => b - a)
  if (groups.length === 0) return []
  const all = groups.map(([files, need]) => `${subject(files)} ${need.replace('{s}', files === 1 ? 's' : '')}`)
  return [[filesOf(findings), `${listed(all)}, ${runner(report, findings)}`]]
}

/** `need Python 3.12`; `{s}` stands where a single file has an s. */
function needOf(finding: Finding, report: Report): string {
  const { young, old } = ages(finding, report)
  const since = young.flatMap(({ feature }) => feature.since ?? []).toSorted(compareVersions)
  const until = old.flatMap(({ feature }) => feature.until ?? []).toSorted(compareVersions)
  if (since.length > 0) return `need{s} Python ${since.at(-1)}`
  if (until.length > 0) return `need{s} a Python before ${until[0]}`
  return takenBy(finding, report)
}

function takenBy({ evidence: { acceptedBy = [] } }: Finding, report: Report): string {
  return `compile{s} on ${listed(acceptedBy.map(id => versionOf(report, id)))}`
}

function runner(report: Report, findings: Findings): string {
  const { stages, roles, interpreters } = report
  const files = filesOf(findings)
  const versions = new Set(roles.deploy.map(({ version }) => version))
  const deploy = listed([...versions])
  const ofImages = versions.size > 1 ? imagesOf(findings, report) : []
  if (ofImages.length > 0) return listed(ofImages)
  if (deploy === '') return `asked were ${listed(interpreters.map(({ version }) => version))}`
  return stages.some(({ place }) => place === 'image')
    ? `the image runs ${deploy}`
    : `${deploy} is to run ${files === 1 ? 'it' : 'them'}`
}

/** The images whose own Python rejects them, `the image cloud runs 3.11.9`; none where it is not known whose it is. */
function imagesOf(findings: Findings, report: Report): string[] {
  const rejecting = new Set(findings.map(({ firstBreak }) => firstBreak?.interpreter))
  return report.interpreters.flatMap(({ id, version, standsInFor, images = [] }) =>
    rejecting.has(id) ? images.map(name => `${stageTitle(report, name)} runs ${standsInFor ?? version}`) : [],
  )
}

function builtBy(findings: Findings): string {
  const layers = [...new Set(findings.map(({ evidence }) => evidence.layer?.index))]
  // A COPY changes nothing: that was done before.
  if (findings.some(({ evidence }) => copiesFrom(evidence.layer?.createdBy ?? '') !== undefined)) return 'the build'
  return layers.length === 1 && layers[0] !== undefined ? `layer ${layers[0]} of the image` : 'the build'
}

/** Files with other bytes than before, none of which breaks them. */
function harmless({ findings }: Report): Findings {
  const broken = brokenFiles(findings)
  const codes = ['uncommitted-change', 'altered-in-upload', 'altered-in-image'] as const
  return findings.filter(
    ({ code, path, evidence }) =>
      codes.some(each => each === code) &&
      evidence.change !== 'added' &&
      evidence.change !== 'removed' &&
      path !== null &&
      !broken.has(path),
  )
}
