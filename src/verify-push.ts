import { compareFindings } from './diagnosis/compare-findings.ts'
import { undecidedAltogether } from './diagnosis/undecided.ts'
import { alignFiles } from './flow/align-files.ts'
import { castDeciders, type Deciders, type RangePart } from './flow/cast-deciders.ts'
import {
  countUnchanged,
  type KnownFile,
  mayBePython,
  recallBlobs,
  rememberBlobs,
  taken,
} from './flow/count-unchanged.ts'
import { findCauses } from './flow/find-causes.ts'
import { judgeFiles, type Means } from './flow/judge-files.ts'
import { outcomeOf } from './flow/outcome.ts'
import { readStages, type Stages } from './flow/read-stages.ts'
import { openJudge } from './interpreters/judge.ts'
import { judgeContents } from './interpreters/judge-contents.ts'
import type { VerdictCache } from './interpreters/verdict-cache.ts'
import type { Finding } from './model/finding.ts'
import type { CastInterpreter } from './model/interpreter.ts'
import { relativePath } from './model/path.ts'
import type { PushReport } from './model/push.ts'
import type { Source } from './model/source.ts'
import type { Plan } from './plan.ts'
import type { ProjectDeclarations } from './project/declarations.ts'

/** A commit that is about to be pushed. */
export interface PushPlan {
  /** Its one stage is `sourceOf` what changed; of the rest nothing but what is said of interpreters, exclusion and means counts. */
  readonly plan: Omit<Plan, 'sources'>
  /** The names of the refs that carry it. */
  readonly refs: readonly string[]
  readonly range: RangePart
  /** What the remote has otherwise, or not at all. */
  readonly changed: readonly KnownFile[]
  /** What it has as well. */
  readonly unchanged: readonly KnownFile[]
  readonly sourceOf: (files: readonly KnownFile[]) => Source
  /** What was declared at the remote, where the push changes a file that declares something. */
  readonly before: ProjectDeclarations | null
  /** Told once how many files will be looked at for what changed, before an interpreter is started. */
  readonly expecting: (files: number) => void
}

/** Files from which on a person is told that it will take a while. */
const many = 500

/**
 * Has each Python file that a push changes compiled by the Pythons that it is for, and finds every place at which it stops. Files
 * that the remote has already are counted; where the push changes which Pythons decide, those that are broken by that count as
 * changed.
 *
 * @throws VerifierError when the commit cannot be read, or there is no interpreter at all.
 */
export async function verifyPush(push: PushPlan, cache: VerdictCache): Promise<PushReport> {
  const cast = decidersOf(push, push.plan.declarations)
  const before = push.before === null ? null : decidersOf(push, push.before)
  const decidesAnew = before !== null && asksAnew(cast, before)
  const changed = [...push.changed, ...(decidesAnew ? push.unchanged : [])].filter(file => isLookedAt(file, push))
  const unchanged = decidesAnew ? [] : push.unchanged.filter(file => isLookedAt(file, push))
  const common = {
    refs: push.refs,
    deciders: cast.deciders,
    decidedBefore: decidesAnew ? before.deciders.map(({ declared }) => declared) : null,
  }
  if (changed.length === 0) return { ...common, outcome: 'clean', changed: 0, unchanged: nothing, findings: [] }
  push.expecting(changed.length)
  announce(changed.length, push, cast)
  const plan: Plan = { ...push.plan, sources: [push.sourceOf(changed)] }
  const interpreters = interpretersOf(cast)
  await using judges = openJudge(plan)
  const stages = await readStages(plan)
  const means = { cache, judges, contents: stages.contents }
  const judging = judgeChanged(plan, { stages, interpreters, changed }, means)
  // Asked of the cache after what is to be judged, and answered while that is compiled.
  const remembered = recallBlobs(unchanged, interpreters, cache)
  const judged = await judging
  const old = decidesAnew
    ? await brokenBefore(judged, { push, stages, interpreters: interpretersOf(before) }, means)
    : []
  const python = stages.manifests[0]!.python.size
  const missing = python === 0 ? [] : undecidedAltogether({ missing: cast.missing, unmapped: [] })
  const findings = [...missing, ...judged.filter(each => !old.includes(each))].sort(compareFindings)
  return {
    ...common,
    outcome: outcomeOf(findings),
    changed: python,
    unchanged: decidesAnew
      ? { broken: old.length, unknown: 0 }
      : await countUnchanged(plan, interpreters, { remembered, sourceOf: push.sourceOf }, means),
    findings,
  }
}

const nothing = { broken: 0, unknown: 0 }

function decidersOf({ plan: { roles, available }, range }: PushPlan, declarations: ProjectDeclarations): Deciders {
  return castDeciders({ declarations, deploy: roles.deploy, range, available })
}

function interpretersOf({ deciders }: Deciders): readonly CastInterpreter[] {
  return deciders.map(({ interpreter }) => interpreter)
}

/** Whether somebody decides, or would if he were at hand, who did not before. */
function asksAnew(now: Deciders, before: Deciders): boolean {
  const known = new Set(namesOf(before))
  return namesOf(now).some(name => !known.has(name))
}

function namesOf({ deciders, missing }: Deciders): string[] {
  return [...deciders.map(({ interpreter }) => interpreter.id), ...missing.map(({ version }) => version)]
}

function isLookedAt({ path }: KnownFile, { plan: { isExcluded, sourceDirectory } }: PushPlan): boolean {
  return relativePath(sourceDirectory, path) !== null && mayBePython(path) && !isExcluded(path)
}

function announce(files: number, { plan: { log } }: PushPlan, { deciders }: Deciders): void {
  if (files < many) return
  const versions = deciders.map(({ interpreter }) => interpreter.version).join(', ')
  log(
    `looking at ${files} files with CPython ${versions}; what is found is remembered, and the next push looks at what it changes`,
  )
}

async function judgeChanged(
  plan: Plan,
  { stages, interpreters, changed }: Stepping & { readonly changed: readonly KnownFile[] },
  means: Means,
): Promise<readonly Finding[]> {
  const manifest = stages.manifests[0]!
  if (interpreters.length === 0) return []
  if (manifest.python.size === 0) {
    rememberBlobs(changed, manifest, { interpreters, verdictOf: () => taken, cache: means.cache })
    return []
  }
  const files = alignFiles(plan, stages)
  const verdicts = await judgeFiles(plan, files, { interpreters }, means)
  rememberBlobs(changed, manifest, { interpreters, verdictOf: verdicts.verdictOf, cache: means.cache })
  const { findings } = await findCauses(
    plan,
    { stages, files, described: new Map(), cast: { interpreters }, verdicts },
    means,
  )
  return findings
}

interface Stepping {
  readonly stages: Stages
  readonly interpreters: readonly CastInterpreter[]
}

/** The findings about files that did not change, and that one of those who decided before rejects as well. */
async function brokenBefore(
  findings: readonly Finding[],
  { push, stages, interpreters }: Stepping & { readonly push: PushPlan },
  { cache, judges, contents }: Means,
): Promise<readonly Finding[]> {
  const unchanged = new Set(push.unchanged.map(({ path }) => path))
  const { python } = stages.manifests[0]!
  const suspects = findings.filter(
    ({ path, firstBreak }) => path !== null && firstBreak !== null && unchanged.has(path),
  )
  const digestOf = ({ path }: Finding) => python.get(path!)!.sha256
  const wanted = new Set(suspects.map(digestOf))
  const means = { cache, judge: judges.judge, contents, compiling: () => undefined }
  const verdicts = await judgeContents(wanted, interpreters, means)
  return suspects.filter(each =>
    [...(verdicts.get(digestOf(each))?.values() ?? [])].some(({ kind }) => kind === 'breaks'),
  )
}
