import { custodyChain } from './diagnosis/autopsy/custody.ts'
import type { Contents, SeenThings } from './diagnosis/autopsy/custody-link.ts'
import { isInTheWay, smallestChange } from './diagnosis/autopsy/smallest-change.ts'
import { deployInterpreters } from './diagnosis/drafts/judged.ts'
import { chooseTraceback } from './flow/choose-traceback.ts'
import { archiveFacts, commitOf, imageDigests } from './flow/compare-provenance.ts'
import { type Located, type Looking, locateCrash } from './flow/locate-crash.ts'
import { outcomeOfAutopsy } from './flow/outcome-of-autopsy.ts'
import { reproduceCrash } from './flow/reproduce-crash.ts'
import type { Autopsy, Crash, HiddenBreak, Missing, Records } from './model/autopsy.ts'
import { runOf } from './model/deployment.ts'
import type { Finding } from './model/finding.ts'
import type { LineCommit } from './model/line-history.ts'
import { comparePaths, type Path } from './model/path.ts'
import type { Plan } from './plan.ts'
import { newerBase } from './project/newer-base.ts'
import { type Found, investigate, reportOf } from './verify.ts'
import { version } from './version.ts'

/** What an autopsy is told beside the records. */
export interface Case {
  readonly records: Records
  /** The files to look at; null where there are none. */
  readonly plan: Plan | null
  /** Who last changed a line, as of a commit. */
  readonly blame: (commit: string, path: Path, line: number) => Promise<LineCommit | null>
  /** What could not be had. */
  readonly missing: readonly Missing[]
  readonly remarks: readonly string[]
}

/**
 * Follows a failed deployment from its records back to the commit, relates the exception of its log to what is found in the
 * files, and says what would have failed next and what to change.
 *
 * @throws VerifierError as `verify`.
 */
export async function autopsy({ records, plan, blame, missing, remarks }: Case): Promise<Autopsy> {
  const examined = plan === null ? null : await investigate(plan)
  const custody = custodyChain(records, await seenThings(plan, examined))
  const { crash, located } = await crashOf(records, examined, blame)
  const report = plan === null || examined === null ? null : reportOf(plan, examined)
  const findings = report?.findings ?? []
  const lost = located?.place.by === 'module' ? findings.filter(each => isLost(each, located.place.path)) : []
  const remedy =
    report === null || plan === null
      ? { changes: [], instead: [] }
      : smallestChange(report, lost, { newerPython: minor => newerPython(plan, report.roles.deploy, minor) })
  const found = { records, custody, crash, report }
  return {
    tool: { name: 'firstbreak', version },
    outcome: outcomeOfAutopsy(found),
    deployment: records.deployment,
    custody,
    crash,
    hidden: hiddenBreaks(findings, crash),
    remedy,
    missing,
    remarks: [...remarks, ...(records.log?.remarks ?? [])],
    verification: report,
  }
}

/** What the chain is held against. */
async function seenThings(plan: Plan | null, examined: Found | null): Promise<SeenThings> {
  const sources = plan?.sources ?? []
  return {
    commit: commitOf(sources),
    archive: archiveFacts(sources),
    images: await imageDigests(sources),
    contents: examined === null ? null : contentsOf(examined),
  }
}

/** Of the archive where one was looked at, else of the image: how many Python files are not those of the commit. */
function contentsOf({ files, stages, causes }: Found): Contents | null {
  const isArchive = stages.manifests.some(({ stage }) => stage.kind === 'archive')
  const place = isArchive ? 'archive' : 'image'
  const { asCommitted } = causes.judged.comparison
  const others: Path[] = []
  let count = 0
  for (const { path, steps } of files.traces) {
    const commit = steps.find(({ stage }) => stage.place === 'commit')
    const own = steps.find(({ stage }) => (isArchive ? stage.kind === 'archive' : stage.place === 'image'))
    if (commit === undefined || own?.file == null) continue
    count += 1
    if (own.file.sha256 !== commit.file?.sha256 && !asCommitted.has(own.file)) others.push(path)
  }
  return count === 0 ? null : { place, files: count, others: others.sort(comparePaths) }
}

async function crashOf(
  { log, deployment }: Records,
  examined: Found | null,
  blame: Case['blame'],
): Promise<{ readonly crash: Crash | null; readonly located: Located | null }> {
  const chosen = chooseTraceback(log?.tracebacks ?? [], deployment === null ? null : runOf(deployment))
  if (chosen === null) return { crash: null, located: null }
  const looking = lookingIn(examined, blame)
  const located = await locateCrash(chosen.traceback, looking)
  const manifests = examined?.stages.manifests ?? []
  const reproduction =
    examined === null
      ? { state: 'not-examined' as const, evidence: 'there were no files to look at' }
      : reproduceCrash(chosen.traceback, located, looking, manifests)
  return { crash: { ...chosen, place: located?.place ?? null, reproduction }, located }
}

function lookingIn(examined: Found | null, blame: Case['blame']): Looking {
  if (examined === null) {
    return { traces: [], images: new Map(), verdictOf: () => ({ kind: 'undecided', reason: '' }), deployers: [], blame }
  }
  return {
    traces: examined.files.traces,
    images: examined.stages.images,
    verdictOf: examined.verdicts.verdictOf,
    deployers: deployInterpreters(examined.cast.interpreters),
    blame,
  }
}

/** The finding that tells why a module is not in the image. */
function isLost({ code, path }: Finding, wanted: Path | null): boolean {
  return path === wanted && (code === 'missing-from-image' || code === 'missing-from-upload')
}

/** The file of the log first; lines are those that the search found, without the one that the log shows. */
function hiddenBreaks(findings: readonly Finding[], crash: Crash | null): HiddenBreak[] {
  const shown = crash?.traceback.kind === 'syntax' ? crash.place : null
  const hidden = findings.filter(isInTheWay).flatMap(({ path, sites, sitesComplete }) => {
    if (path === null) return []
    const isSameFile = path === shown?.path
    const all = [...new Set(sites.flatMap(({ start }) => start?.line ?? []))].sort((a, b) => a - b)
    const lines = isSameFile ? all.filter(line => line !== shown?.line) : all
    return isSameFile && lines.length === 0 ? [] : [{ path, lines, isSameFile, complete: sitesComplete }]
  })
  return hidden.sort((a, b) => Number(b.isSameFile) - Number(a.isSameFile))
}

/** How to have the image built on another Python, by what decides that. */
function newerPython({ dockerBuild }: Plan, deploy: readonly { readonly from: string }[], minor: string) {
  const base = dockerBuild === null ? null : newerBase(dockerBuild, minor)
  if (base?.isThere) {
    return { says: `build the image again: ${base.from} names Python ${minor} or later by now`, isBuildOnly: true }
  }
  if (base !== null) {
    const to = base.after === null ? `an image with Python ${minor}` : `FROM ${base.after}`
    return { says: `${base.from}: ${to} (now ${base.before})`, isBuildOnly: false }
  }
  const from = deploy[0] === undefined ? '' : `, which ${deploy[0].from} decides now`
  return { says: `run it on Python ${minor}${from}`, isBuildOnly: false }
}
