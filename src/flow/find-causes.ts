import { collisionFindings } from '../diagnosis/collision-findings.ts'
import { compareSteps } from '../diagnosis/comparison/compare-steps.ts'
import { draftFindings } from '../diagnosis/draft-findings.ts'
import { bytecodeDrafts } from '../diagnosis/drafts/bytecode-drafts.ts'
import type { Draft } from '../diagnosis/drafts/draft.ts'
import { installedDrafts } from '../diagnosis/drafts/installed-drafts.ts'
import type { Judged } from '../diagnosis/drafts/judged.ts'
import { layerDrafts, type ReadWrites } from '../diagnosis/drafts/layer-drafts.ts'
import { locateBreaks } from '../diagnosis/locate-breaks.ts'
import { lostLinkFindings } from '../diagnosis/lost-link-findings.ts'
import { gatherStale } from '../diagnosis/stale/gather-stale.ts'
import { staleDrafts } from '../diagnosis/stale/stale-drafts.ts'
import { submoduleFindings } from '../diagnosis/submodule-findings.ts'
import { loadSyntax } from '../diagnosis/syntax.ts'
import { rememberingJudge } from '../interpreters/judge-contents.ts'
import { layerWrites } from '../manifest/layer-writes.ts'
import type { Finding } from '../model/finding.ts'
import type { Submodule } from '../model/git-facts.ts'
import type { Manifest } from '../model/manifest.ts'
import type { Plan } from '../plan.ts'
import type { Files } from './align-files.ts'
import type { CastRoles } from './cast-roles.ts'
import { examineImages } from './examine-images.ts'
import type { Means, Verdicts } from './judge-files.ts'
import type { Stages } from './read-stages.ts'

/** What was found out about the files of a run. */
export interface Causes {
  readonly judged: Judged
  readonly drafts: readonly Draft[]
  /** One for each draft, with every site, and for what stands besides the files. */
  readonly findings: readonly Finding[]
  readonly bytecode: Awaited<ReturnType<typeof examineImages>>
  /** Whether the history was cut off before what was looked for in it. */
  readonly cutShort: boolean
}

/** What became of each file, where, and why; and every place at which it stops. */
export async function findCauses(
  plan: Plan,
  {
    stages,
    files,
    cast,
    verdicts,
  }: { stages: Stages; files: Files; cast: Pick<CastRoles, 'interpreters'>; verdicts: Verdicts },
  { cache, judges, contents }: Means,
): Promise<Causes> {
  const { holders, manifests, images } = stages
  const { traces, installed, mappings, builds } = files
  const { interpreters } = cast
  const submodules = await submodulesOf(plan, manifests)
  const judged: Judged = {
    traces,
    interpreters,
    images,
    builds: builds.plans,
    deletedFrom: deletedFrom(manifests),
    ignoreRule: plan.ignoreRule,
    verdictOf: verdicts.verdictOf,
    comparison: await compareSteps(traces, { contents, git: plan.git, submodules }),
  }
  const { drafts, cutShort } = await staleDrafts(draftFindings(judged), plan.history)
  const judge = rememberingJudge(judges.judge, cache)
  const bytecode = await examineImages({ ...plan, holders, images, traces, mappings, interpreters })
  const all = [
    ...(await layerDrafts(drafts, judged, { writesOf: writesIn(stages), judge })),
    ...bytecodeDrafts(bytecode, judged),
    ...installedDrafts({ ...judged, traces: installed }),
  ]
  plan.progress('looking for every place at which they stop')
  const { available, jobs } = plan
  const means = { contents, judge, sameTree: judges.sameTree, available, jobs, syntax: loadSyntax }
  const located = await locateBreaks(all, judged, means)
  const findings = [
    ...collisionFindings(traces),
    ...submoduleFindings(submodules, manifests),
    ...lostLinkFindings(manifests, plan.ignoreRule),
    ...gatherStale(located),
  ]
  return { judged, drafts, findings, bytecode, cutShort }
}

/** Those of the commit, and how they stand on the disk. */
async function submodulesOf({ git, sources }: Plan, manifests: readonly Manifest[]): Promise<readonly Submodule[]> {
  const commits = manifests.find((_, i) => sources[i]!.stage.place === 'commit')?.gitlinks ?? new Map()
  return commits.size === 0 || git === null ? [] : git.submodules(commits)
}

/** The layer of an image that deleted a Python file. */
function deletedFrom(manifests: readonly Manifest[]): Judged['deletedFrom'] {
  const deleted = new Map(manifests.map(manifest => [manifest.stage.name, manifest.deleted]))
  return (stage, path) => deleted.get(stage)?.get(path) ?? null
}

/** Reads what the layers of an image did. */
function writesIn({ holders }: Stages): ReadWrites {
  return (stage, paths, seen) =>
    layerWrites(holders.find(({ source }) => source.stage.name === stage)!.source, paths, seen)
}
