import { answerHypotheses } from './diagnosis/answer-hypotheses.ts'
import { checkoutRemarks } from './diagnosis/checkout-remarks.ts'
import { collisionFindings } from './diagnosis/collision-findings.ts'
import { compareFindings } from './diagnosis/compare-findings.ts'
import { compareSteps } from './diagnosis/comparison/compare-steps.ts'
import { draftFindings } from './diagnosis/draft-findings.ts'
import { bytecodeDrafts } from './diagnosis/drafts/bytecode-drafts.ts'
import { installedDrafts } from './diagnosis/drafts/installed-drafts.ts'
import type { Judged } from './diagnosis/drafts/judged.ts'
import { layerDrafts, type ReadWrites } from './diagnosis/drafts/layer-drafts.ts'
import { duplicateRemarks } from './diagnosis/duplicate-remarks.ts'
import { locateBreaks } from './diagnosis/locate-breaks.ts'
import { policyFindings } from './diagnosis/policy-findings.ts'
import {
  type Comparison,
  compareArchiveCommit,
  compareBuild,
  type LookedAt,
  provenanceFindings,
} from './diagnosis/provenance.ts'
import { gatherStale } from './diagnosis/stale/gather-stale.ts'
import { staleDrafts } from './diagnosis/stale/stale-drafts.ts'
import { submoduleFindings } from './diagnosis/submodule-findings.ts'
import { loadSyntax } from './diagnosis/syntax.ts'
import { undecidedAltogether } from './diagnosis/undecided.ts'
import { obstacleFindings } from './diagnosis/upload-obstacles.ts'
import { examineImages } from './examine-images.ts'
import { castInterpreters } from './interpreters/cast-interpreters.ts'
import { counterCheck } from './interpreters/counter-check.ts'
import { openJudge } from './interpreters/judge.ts'
import { judgeContents, rememberingJudge } from './interpreters/judge-contents.ts'
import { openVerdictCache } from './interpreters/verdict-cache.ts'
import { layerWrites } from './manifest/layer-writes.ts'
import { readContents } from './manifest/read-contents.ts'
import { takeManifest } from './manifest/take-manifest.ts'
import type { BuildRecord } from './model/build-record.ts'
import type { ObjectFormat, Sha256 } from './model/digest.ts'
import { VerifierError } from './model/errors.ts'
import type { Evidence, Finding } from './model/finding.ts'
import type { GitFacts, Submodule } from './model/git-facts.ts'
import type { History } from './model/history.ts'
import type { DeclaredVersion, ImageInterpreter, Interpreter } from './model/interpreter.ts'
import type { Manifest, PythonFile } from './model/manifest.ts'
import type { Path } from './model/path.ts'
import type { Outcome, Report } from './model/report.ts'
import type { ArchiveSource, ImageFacts, ImageSource, ManifestDigest, Source, UploadSource } from './model/source.ts'
import type { PathMapping, Trace } from './model/trace.ts'
import type { UploadSurvey } from './model/upload.ts'
import type { Verdict } from './model/verdict.ts'
import type { ProjectDeclarations } from './project/declarations.ts'
import { type ImageBuilds, imageBuilds } from './project/image-builds.ts'
import { policyConflicts } from './project/policy-conflicts.ts'
import type { BuildFiles } from './project/read-build.ts'
import { uploadRemarks } from './report/upload-remarks.ts'
import { tellRoles } from './tell-roles.ts'
import { type Alignment, align } from './trace/align.ts'
import { installedTraces } from './trace/installed-traces.ts'
import { summarizeStages } from './trace/summarize-stages.ts'
import { version } from './version.ts'

/** Everything a run is told; nothing else is looked at. */
export interface Plan {
  /** The stages in the order of the way: the commit first, images last. */
  readonly sources: readonly (Source | ArchiveSource | UploadSource | ImageSource)[]
  /** What the repository names its objects with. */
  readonly objectFormat: ObjectFormat
  /** The part of the repository that is looked at. */
  readonly sourceDirectory: Path
  /** The Dockerfile that makes the images, and what goes with it; null where there is none. */
  readonly dockerBuild: BuildFiles | null
  /** Where the images keep the source; empty to learn it. */
  readonly mappings: readonly PathMapping[]
  /** Whether what is installed in the images is judged as well. */
  readonly dependencies: boolean
  /** Files not to judge. */
  readonly isExcluded: (path: Path) => boolean
  readonly declarations: ProjectDeclarations
  /** What the user says, over what is declared. */
  readonly roles: { readonly deploy: DeclaredVersion | null; readonly dev: DeclaredVersion | null }
  /** Asked besides. */
  readonly pythons: readonly DeclaredVersion[]
  /** The Python the developer would start; used where nothing declares one, and null where something does. */
  readonly pathPython: DeclaredVersion | null
  /** Who can be asked. */
  readonly available: readonly Interpreter[]
  /** The images' own, as far as they may be run; at most one for each image. */
  readonly inImages: readonly ImageInterpreter[]
  /** What came before the commit; asked only where an image holds other bytes. */
  readonly history: History
  /** The rule that keeps a path of the repository out of the upload. */
  readonly ignoreRule: (path: Path) => NonNullable<Evidence['rule']> | null
  /** What git knows of the working tree; null for a bare repository. */
  readonly git: GitFacts | null
  /** What Google recorded of the build, to hold the archive, the images and the commit against; null where there is none. */
  readonly build: BuildRecord | null
  /** Interpreters at work at once. */
  readonly jobs: number
  /** Where verdicts, and what makes embedded interpreters start fast, are kept from run to run; null to keep nothing. */
  readonly cacheDirectory: string | null
  /** What a reader of the report must know of what was asked for. */
  readonly remarks: readonly string[]
  /** Told at the beginning of each step; for a terminal. */
  readonly progress: (step: string) => void
  /** Gives up: verify then throws its reason. */
  readonly signal: AbortSignal
  /** Told what changes nothing of the report, as that verdicts cannot be remembered. */
  readonly log: (line: string) => void
}

/** Contents over this many bytes are not compiled: CPython needs some hundred times as much memory. */
const largestContent = 64 * 1024 * 1024

/**
 * Hashes every stage, has each distinct Python file compiled by each interpreter, and finds where things first break.
 *
 * @throws VerifierError when a stage cannot be read, no interpreter is there, or there is no Python file at all.
 */
export async function verify(plan: Plan): Promise<Report> {
  const { jobs, cacheDirectory, signal, progress, log } = plan
  await using cache = openVerdictCache({ directory: cacheDirectory, log })
  const holders = await readStages(plan)
  const manifests = holders.map(({ manifest }) => manifest)
  const images = imageFacts(plan)
  const survey = await surveyUpload(plan)
  const builds = readBuilds(plan, manifests, images)
  const { traces, mappings } = alignStages(plan, manifests, { images, builds: builds.plans })
  if (traces.length === 0) throw nothingToCheck(plan)
  const { roles, interpreters, missing, remarks } = castRoles(plan, holders)
  if (interpreters.length === 0) throw noInterpreter(missing)

  await using judges = openJudge({ jobs, signal, cacheDirectory, log })
  const contents = (wanted: ReadonlySet<Sha256>) => readContents(wanted, holders)
  const installed = plan.dependencies ? installedTraces(manifests, traces) : []
  const answers = await judgeContents(judgeableContents([...traces, ...installed]), interpreters, {
    cache,
    judge: judges.judge,
    contents,
    compiling: count =>
      progress(`compiling ${count} contents with CPython ${interpreters.map(each => each.version).join(', ')}`),
  })
  const { verdicts, remarks: disagreements } = counterCheck(answers, interpreters)
  const verdictOf = ({ sha256 }: PythonFile, { id }: { readonly id: string }) =>
    verdicts.get(sha256)?.get(id) ?? tooLarge
  const submodules = await submodulesOf(plan, manifests)
  const comparison = await compareSteps(traces, { contents, git: plan.git, submodules })
  const { ignoreRule } = plan
  const judged: Judged = {
    traces,
    interpreters,
    images,
    builds: builds.plans,
    deletedFrom: deletedFrom(manifests),
    ignoreRule,
    verdictOf,
    comparison,
  }
  const { drafts, cutShort } = await staleDrafts(draftFindings(judged), plan.history)
  const judge = rememberingJudge(judges.judge, cache)
  const layered = await layerDrafts(drafts, judged, { writesOf: writesIn(holders), judge })
  const dependencies = installedDrafts({ ...judged, traces: installed })
  const bytecode = await examineImages({ ...plan, holders, images, traces, mappings, interpreters })
  progress('looking for every place at which they stop')
  const located = await locateBreaks([...layered, ...bytecodeDrafts(bytecode, judged), ...dependencies], judged, {
    contents,
    judge,
    sameTree: judges.sameTree,
    available: plan.available,
    syntax: loadSyntax,
    jobs,
  })

  const provenance = await compareProvenance(plan)
  const conflicts = policyFindings(policyConflicts(plan.declarations, roles.images))
  const obstacles = obstacleFindings(survey?.obstacles ?? [], plan.sourceDirectory)
  const findings = [
    ...undecidedAltogether({ missing, unmapped: unmapped(mappings) }),
    ...obstacles,
    ...provenanceFindings(provenance, plan.build),
    ...conflicts,
    ...collisionFindings(traces),
    ...submoduleFindings(submodules, manifests),
    ...gatherStale(located),
  ]
  findings.sort(compareFindings)
  const isRejected = (file: PythonFile, id: string) => file.kind === 'file' && verdictOf(file, { id }).kind === 'breaks'
  return {
    tool: { name: 'firstbreak', version },
    outcome: outcomeOf(findings),
    stages: summarizeStages(manifests, traces, images, { interpreters, isRejected }),
    interpreters,
    roles: { deploy: roles.deployed, dev: roles.dev },
    mappings: [...mappings].flatMap(([stage, found]) => found.map(mapping => ({ ...mapping, stage }))),
    findings,
    hypotheses: answerHypotheses({ ...judged, drafts, cutShort, bytecode }),
    remarks: [
      ...plan.remarks,
      ...checkoutRemarks(judged, drafts),
      ...duplicateRemarks(manifests),
      ...provenance.flatMap(({ unchecked }) => unchecked),
      ...(survey === null ? [] : uploadRemarks(survey)),
      ...plan.declarations.remarks,
      ...builds.remarks,
      ...remarks,
      ...disagreements,
      ...installedRemark(plan, installed.length),
    ],
  }
}

/** What goes up, where that was predicted. */
async function surveyUpload({ sources }: Plan): Promise<UploadSurvey | null> {
  const predicted = sources.find((source): source is UploadSource => 'survey' in source)
  return predicted === undefined ? null : predicted.survey()
}

/** Reads what the layers of an image did. */
function writesIn(holders: Awaited<ReturnType<typeof readStages>>): ReadWrites {
  return (stage, paths, seen) =>
    layerWrites(holders.find(({ source }) => source.stage.name === stage)!.source, paths, seen)
}

/** What was looked at against what records, and the archive itself, name. */
async function compareProvenance({ sources, build }: Plan): Promise<Comparison[]> {
  const commit = sources.find(({ stage }) => stage.place === 'commit')?.stage.reference
  if (commit == null) return []
  const archive = sources.flatMap(source => ('archive' in source ? [source.archive] : []))[0] ?? null
  const images = new Map<string, readonly ManifestDigest[]>()
  for (const source of build === null ? [] : sources) {
    if ('image' in source) images.set(source.stage.name, (await source.manifestDigests?.()) ?? [])
  }
  const looked: LookedAt = { commit, archive, images }
  return [compareArchiveCommit(looked), ...(build === null ? [] : compareBuild(build, looked))]
}

/** By the name of the stage. */
function imageFacts({ sources }: Plan): ReadonlyMap<string, ImageFacts> {
  return new Map(sources.flatMap(source => ('image' in source ? [[source.stage.name, source.image]] : [])))
}

/** What the Dockerfile makes of what goes up, for each image. */
function readBuilds(plan: Plan, manifests: readonly Manifest[], images: ReadonlyMap<string, ImageFacts>): ImageBuilds {
  const sent = manifests.findLast(({ stage }) => stage.place !== 'image')?.python ?? new Map<Path, PythonFile>()
  const stages = manifests.flatMap(({ stage: { name }, python }) => {
    const image = images.get(name)
    return image === undefined ? [] : [{ ...image, name, holds: (path: Path) => python.has(path) }]
  })
  return imageBuilds(plan.dockerBuild, [...sent.keys()], stages)
}

/** The layer of an image that deleted a Python file. */
function deletedFrom(manifests: readonly Manifest[]): Judged['deletedFrom'] {
  const deleted = new Map(manifests.map(manifest => [manifest.stage.name, manifest.deleted]))
  return (stage, path) => deleted.get(stage)?.get(path) ?? null
}

/** The files that are asked about, over the stages. */
function alignStages(
  plan: Plan,
  manifests: readonly Manifest[],
  { images, builds }: { images: ReadonlyMap<string, ImageFacts>; builds: ImageBuilds['plans'] },
): Alignment {
  const { sourceDirectory, mappings, isExcluded } = plan
  const workingDirectories = new Map([...images].map(([name, { workingDirectory }]) => [name, workingDirectory]))
  const alignment = align(manifests, { sourceDirectory, mappings, workingDirectories, builds })
  return { ...alignment, traces: alignment.traces.filter(({ path }) => !isExcluded(path)) }
}

/** Those of the commit, and how they stand on the disk. */
async function submodulesOf({ git, sources }: Plan, manifests: readonly Manifest[]): Promise<readonly Submodule[]> {
  const commits = manifests.find((_, i) => sources[i]!.stage.place === 'commit')?.gitlinks ?? new Map()
  return commits.size === 0 || git === null ? [] : git.submodules(commits)
}

/** The images in which nothing of the source was found. */
function unmapped(mappings: Alignment['mappings']): string[] {
  return [...mappings].filter(([, found]) => found.length === 0).map(([stage]) => stage)
}

/** Who judges, in what role. That a development Python which nobody asked for is not at hand is only said. */
function castRoles(plan: Plan, holders: Awaited<ReturnType<typeof readStages>>) {
  const roles = tellRoles(plan, holders)
  const { interpreters, missing, unchecked } = castInterpreters(roles, plan.available)
  const isInferredDev = ({ roles: [role] }: (typeof missing)[number]) => role === 'dev' && plan.roles.dev === null
  const absent = missing.filter(isInferredDev).map(({ version, from }) => `no CPython ${version} to ask (${from})`)
  const trusted = unchecked.map(
    ({ version, stage }) =>
      `no other build of CPython ${version} is at hand: what that of ${stage} says is held against none`,
  )
  const remarks = [...roles.remarks, ...absent, ...trusted]
  return { roles, interpreters, missing: missing.filter(each => !isInferredDev(each)), remarks }
}

const tooLarge: Verdict = {
  kind: 'undecided',
  reason: `it is larger than ${largestContent / 1024 / 1024} MiB, and was not compiled`,
}

async function readStages({ sources, objectFormat, progress, signal }: Plan) {
  const holders = []
  for (const source of sources) {
    signal.throwIfAborted()
    progress(`reading ${source.stage.name}`)
    holders.push({ source, manifest: await takeManifest(source, objectFormat) })
  }
  return holders
}

/** What is compiled: each distinct content that is not too large. */
function judgeableContents(traces: readonly Trace[]): ReadonlySet<Sha256> {
  const files = traces.flatMap(({ steps }) =>
    steps.flatMap(({ file, elsewhere = [] }) => [...(file === null ? [] : [file]), ...elsewhere]),
  )
  const judgeable = files.filter(({ kind, size }) => kind === 'file' && size <= largestContent)
  return new Set(judgeable.map(({ sha256 }) => sha256))
}

/** 1 wins over 2: what is known to be broken is not made unknown by what could not be looked at. */
function outcomeOf(findings: readonly Finding[]): Outcome {
  const errors = findings.filter(({ severity }) => severity === 'error')
  if (errors.some(({ code }) => code !== 'undecided')) return 'broken'
  return errors.length > 0 ? 'undecided' : 'clean'
}

function installedRemark({ dependencies }: Plan, files: number): string[] {
  if (!dependencies) return []
  if (files === 0) return ['--dependencies: there is no image with Python packages or a standard library to judge']
  return [`${files} Python files that are installed in the images, and not of the source, were judged as well`]
}

function nothingToCheck({ sources }: Plan): VerifierError {
  const stages = sources.map(({ stage }) => stage.name).join(', ')
  return new VerifierError(
    'nothing-to-check',
    `nothing to check: no Python file in ${stages}; check --repo, --source and --exclude`,
  )
}

function noInterpreter(missing: readonly DeclaredVersion[]): VerifierError {
  const wanted = missing.map(({ version, from }) => `CPython ${version} (${from})`).join(', ')
  return new VerifierError(
    'interpreter-missing',
    `no interpreter to ask${wanted === '' ? '' : `: ${wanted} is not on this machine`}; install it, or pass --interpreters auto`,
  )
}
