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
import { type LayerOf, newDirectoryFindings } from '../diagnosis/new-directory-findings.ts'
import type { Platforms } from '../diagnosis/platform/platform-differs.ts'
import { gatherStale } from '../diagnosis/stale/gather-stale.ts'
import { staleDrafts } from '../diagnosis/stale/stale-drafts.ts'
import { submoduleFindings } from '../diagnosis/submodule-findings.ts'
import { loadSyntax } from '../diagnosis/syntax.ts'
import { warningFindings } from '../diagnosis/warning-findings.ts'
import { rememberingJudge } from '../interpreters/judge-contents.ts'
import { layerWrites } from '../manifest/layer-writes.ts'
import type { Finding } from '../model/finding.ts'
import type { Submodule } from '../model/git-facts.ts'
import type { ImageDescription } from '../model/image-description.ts'
import type { Manifest } from '../model/manifest.ts'
import type { Plan } from '../plan.ts'
import { pathShadows } from '../trace/path-shadows.ts'
import type { Files } from './align-files.ts'
import type { CastRoles } from './cast-roles.ts'
import { examineImages } from './examine-images.ts'
import type { Means, Verdicts } from './judge-files.ts'
import { readByFolders, type Stages } from './read-stages.ts'

/** What was found out about the files of a run. */
export interface Causes {
  readonly judged: Judged
  readonly drafts: readonly Draft[]
  /** One for each draft, with every site, and for what stands besides the files. */
  readonly findings: readonly Finding[]
  readonly bytecode: Awaited<ReturnType<typeof examineImages>>
  readonly platforms: Platforms
  /** Whether the history was cut off before what was looked for in it. */
  readonly cutShort: boolean
}

/** What the steps before found. */
interface Known {
  readonly stages: Stages
  readonly files: Files
  readonly described: ReadonlyMap<string, ImageDescription>
  readonly cast: Pick<CastRoles, 'interpreters'>
  readonly verdicts: Verdicts
}

/** What became of each file, where, and why; and every place at which it stops. */
export async function findCauses(
  plan: Plan,
  { stages, files, described, cast, verdicts }: Known,
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
  const bytecode = await examineImages({ ...plan, holders, images, described, traces, mappings, interpreters })
  const all = [
    ...(await layerDrafts(drafts, judged, { writesOf: writesIn(stages), judge })),
    ...bytecodeDrafts(bytecode, judged),
    ...installedDrafts({ ...judged, traces: installed }, files.newDirectories),
  ]
  plan.progress('looking for every place at which they stop')
  const { available, jobs, mostSearched } = plan
  const means = { contents, judge, sameTree: judges.sameTree, available, jobs, mostSearched, syntax: loadSyntax }
  const located = await locateBreaks(all, judged, means)
  const findings = [
    ...collisionFindings(traces),
    ...submoduleFindings(submodules, manifests),
    ...lostLinkFindings(manifests, plan.ignoreRule),
    ...gatherStale(located),
    ...newDirectoryFindings(files.newDirectories, layersOf(stages)),
    ...warningFindings(judged),
  ]
  const platforms = { described, agreements: verdicts.agreements, shadows: shadowsIn(stages, files) }
  return { judged, drafts: all, findings, bytecode, platforms, cutShort }
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

/** The layers of the images that were read by their layers. */
function layersOf({ holders, images }: Stages): LayerOf {
  const byFolders = readByFolders(holders)
  return (stage, index) => {
    const layer = byFolders.has(stage) ? undefined : images.get(stage)?.layers[index]
    return layer === undefined ? undefined : { index, ...layer }
  }
}

/** Where PYTHONPATH of an image leads past the source. */
function shadowsIn({ manifests, images }: Stages, { mappings }: Files): Platforms['shadows'] {
  const shadows = manifests.map(manifest => {
    const { name } = manifest.stage
    const { environment, workingDirectory } = images.get(name) ?? {}
    const pythonPath = environment?.get('PYTHONPATH') ?? ''
    if (pythonPath === '' || workingDirectory === undefined) return [name, []] as const
    return [name, pathShadows(manifest, { mappings: mappings.get(name) ?? [], pythonPath, workingDirectory })] as const
  })
  return new Map(shadows)
}

/** Reads what the layers of an image did. */
function writesIn({ holders }: Stages): ReadWrites {
  return (stage, paths, seen) =>
    layerWrites(holders.find(({ source }) => source.stage.name === stage)!.source, paths, seen)
}
