import type { Evidence, Finding } from '../model/finding.ts'
import { grouped } from '../model/grouped.ts'
import { compareVersions } from '../model/interpreter.ts'
import { copiesFrom, ownChanges } from '../model/layer-instruction.ts'
import type { Report } from '../model/report.ts'
import { ages, type KnownSite } from './ages.ts'
import { visible } from './visible.ts'
import { count, listed, short, someOf, stageTitle } from './words.ts'

/** What to do next, the change that mends most first; empty when there is nothing to do. */
export function nextSteps(report: Report): string[] {
  const errors = report.findings.filter(({ severity }) => severity === 'error')
  const of = (...codes: readonly Finding['code'][]) => errors.filter(({ code }) => codes.includes(code))
  const pointers = errors.filter(({ evidence }) => evidence.standsFor === 'git-lfs')
  const alone = errors.filter(({ evidence }) => evidence.installed === true)
  const besides = alone.filter(({ evidence }) => evidence.newDirectory !== undefined)
  const installed = alone.filter(each => !besides.includes(each))
  return [
    ...stepsForFeatures(
      errors.filter(each => !alone.includes(each)),
      report,
    ),
    ...stepFor(
      installed,
      files => `install another release of what ${files} is of, one for the Python that runs it, or run another Python`,
    ),
    ...stepFor(
      besides,
      files => `look at what the build makes in ${files}: the Python that runs it does not take that`,
    ),
    ...stepFor(
      of('uncommitted-change'),
      files => `commit or undo the change in ${files}: what goes up is the working tree, not the commit`,
    ),
    ...stepFor(
      of('altered-in-upload').filter(each => !pointers.includes(each)),
      files => `compare ${files} with the archive, and upload again from a clean checkout`,
    ),
    ...stepFor(
      of('undecided').filter(({ path, evidence }) => path !== null && evidence.interpreter === undefined),
      files => `see to ${files} before uploading: gcloud does not come to an end over that`,
    ),
    ...stepsForLayers(of('altered-in-image')),
    ...stepsForStale(of('stale-in-image')),
    ...stepFor(
      pointers,
      files => `fetch the content that the Git LFS pointers in ${files} stand for with git lfs pull, and upload again`,
    ),
    ...stepFor(
      of('broken-source').filter(each => ![...pointers, ...alone].includes(each) && !isNamed(each)),
      files => `mend what stops in ${files}, then commit`,
    ),
    ...stepsForProvenance(of('provenance-mismatch')),
    ...stepFor(
      of('undecided').filter(({ path, evidence }) => path !== null && evidence.interpreter !== undefined),
      files => `look at ${files} by hand: no verdict could be had`,
    ),
  ]
}

function stepFor(findings: readonly Finding[], say: (files: string) => string): string[] {
  return findings.length === 0 ? [] : [say(names(findings))]
}

/** Whether every place of a file is one of which a step says how to write it. */
function isNamed({ sites, sitesComplete }: Finding): boolean {
  const known = sites.filter(({ feature }) => feature !== null && (feature.since !== null || feature.until !== null))
  return sitesComplete && sites.length > 0 && known.length === sites.length
}

/** Three at most by name, each once, as several images may hold it; of very many, none. */
function names(findings: readonly Finding[]): string {
  const paths = [...new Set(findings.map(({ path }) => visible(path ?? '')))]
  return paths.length > mostNamed ? `${grouped(paths.length)} files` : someOf(paths)
}

/** Nobody goes through more of them by name. */
const mostNamed = 100

/** A construct that is too new leaves two ways out, and the report knows both; one that is too old leaves one. */
function stepsForFeatures(errors: readonly Finding[], report: Report): string[] {
  const all = errors.map(each => ages(each, report))
  const [young, old] = [all.flatMap(({ young }) => young), all.flatMap(({ old }) => old)]
  const isAll = errors.every(({ sitesComplete, evidence }) => sitesComplete && evidence.unsearched !== true)
  return [
    ...(young.length > 0 ? stepsForYoung(young, isAll, report) : []),
    ...(old.length > 0 ? [`write ${theirPlaces(old, isAll)} as Python 3 has it`] : []),
  ]
}

function stepsForYoung(sites: readonly KnownSite[], isAll: boolean, report: Report): string[] {
  const since = sites
    .map(({ feature }) => feature.since!)
    .sort(compareVersions)
    .at(-1)!
  const from = report.roles.deploy.map(({ from }) => visible(from))
  const place =
    from.length === 0 ? '' : ` (now ${listed(report.roles.deploy.map(({ version }) => version))}, from ${listed(from)})`
  const advice = [...new Set(sites.flatMap(({ suggestion }) => suggestion?.advice ?? []))]
  const rewrite = advice.length === 0 ? 'write it without' : oneOf(advice)
  return [
    `run it on Python ${since} or later${place}`,
    `or keep that Python and rewrite ${theirPlaces(sites, isAll)}: ${rewrite}`,
  ]
}

/** `the 3 places with a match statement and except*`; `at least 3 places` where not all were looked for. */
function theirPlaces(sites: readonly KnownSite[], isAll: boolean): string {
  const titles = someOf([...new Set(sites.map(({ feature }) => feature.title))])
  const known = sites.length === 1 ? 'the one place' : `the ${grouped(sites.length)} places`
  return `${isAll ? known : `at least ${count(sites.length, 'place')}`} with ${titles}`
}

/** Advice holds commas and `and` itself. */
function oneOf(advice: readonly string[]): string {
  if (advice.length > 3) return `${advice.slice(0, 2).join('; or ')}; or as its help says`
  return advice.join('; or ')
}

function stepsForLayers(findings: readonly Finding[]): string[] {
  const alike = new Map<string, Finding[]>()
  for (const finding of findings) {
    const key = stepForLayer(finding.evidence, '')
    const known = alike.get(key)
    if (known === undefined) alike.set(key, [finding])
    else known.push(finding)
  }
  return [...alike.values()].map(them => stepForLayer(them[0]!.evidence, names(them)))
}

/** Where to look for who changed these files in the build. */
function stepForLayer({ layer, fromStage, copiedBy }: Evidence, files: string): string {
  if (layer === undefined) return `look at what the build does to ${files}`
  if (layer.diffId === null && layer.createdBy === ownChanges)
    return `look at what the container does at its start, or somebody in it: that changed ${files}`
  if (fromStage !== undefined && fromStage.runs?.length !== 0) {
    const lines = (fromStage.runs ?? []).map(({ from }) => from)
    const where = lines.length === 0 ? '' : `, at ${someOf(lines)}`
    return `look at what the stage ${visible(fromStage.name)} of the build does to ${files}${visible(where)}`
  }
  if (copiesFrom(layer.createdBy ?? '') !== undefined) {
    const by = copiedBy === undefined ? `layer ${layer.index}, ${layer.createdBy},` : copiedBy.from
    return `look at what the build was given: ${visible(by)} copied ${files}, and changes nothing`
  }
  return visible(
    `look at layer ${layer.index}, ${layer.createdBy ?? 'whose instruction is not recorded'}: it writes other bytes than it was given`,
  )
}

function stepsForStale(findings: readonly Finding[]): string[] {
  const commits = [...new Set(findings.flatMap(({ evidence }) => evidence.past?.commit ?? []))]
  if (commits.length === 0) return []
  const built = listed(commits.slice(0, 3).map(short))
  return [`build the image again without a cache, from what is uploaded: it holds files of ${built}`]
}

function stepsForProvenance(findings: readonly Finding[]): string[] {
  const what = {
    archive: (by: string) => `look at the archive that ${by} was made of: pass that as --upload`,
    image: (by: string) => `look at the image that ${by} pushed: pull it by its digest and pass that as --image`,
    commit: (_: string, recorded: string) => `look at the commit that was built: pass --rev ${recorded}`,
  }
  const steps = findings.flatMap(({ evidence: { provenance } }) =>
    provenance === undefined ? [] : visible(what[provenance.subject](provenance.by, provenance.recorded)),
  )
  return [...new Set(steps)]
}

/** What a first line says of stages that were not looked at. */
export function unseenStages(report: Report): string[] {
  const seen = new Set(report.stages.map(({ place }) => place))
  return [
    ...(seen.has('upload') ? [] : ['no upload was looked at: pass --upload FILE, or leave --upload out to predict it']),
    ...(seen.has('image')
      ? []
      : [
          `no image was looked at: pass --image, to follow the files beyond ${stageTitle(report, report.stages.at(-1)!.name)}`,
        ]),
  ]
}
