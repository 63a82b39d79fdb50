import { answerHypotheses } from './diagnosis/answer-hypotheses.ts'
import { checkoutRemarks } from './diagnosis/checkout-remarks.ts'
import { searchRemarks } from './diagnosis/choose-searched.ts'
import { compareFindings } from './diagnosis/compare-findings.ts'
import { countWay } from './diagnosis/count-way.ts'
import { duplicateRemarks } from './diagnosis/duplicate-remarks.ts'
import { policyFindings } from './diagnosis/policy-findings.ts'
import { type Comparison, provenanceFindings } from './diagnosis/provenance.ts'
import { undecidedAltogether } from './diagnosis/undecided.ts'
import { obstacleFindings } from './diagnosis/upload-obstacles.ts'
import { type CastRoles, castRoles } from './flow/cast-roles.ts'
import { compareProvenance } from './flow/compare-provenance.ts'
import { describeImages } from './flow/describe-images.ts'
import { type Causes, findCauses } from './flow/find-causes.ts'
import { judgeFiles, type Means, type Verdicts } from './flow/judge-files.ts'
import { type Looked, lookCloser } from './flow/look-closer.ts'
import { outcomeOf } from './flow/outcome.ts'
import { readByFolders, type Stages } from './flow/read-stages.ts'
import { openJudge } from './interpreters/judge.ts'
import { openVerdictCache } from './interpreters/verdict-cache.ts'
import type { Finding } from './model/finding.ts'
import { grouped } from './model/grouped.ts'
import type { ImageDescription } from './model/image-description.ts'
import type { PythonFile } from './model/manifest.ts'
import type { Report } from './model/report.ts'
import type { NewDirectory } from './model/trace.ts'
import type { Plan } from './plan.ts'
import { policyConflicts } from './project/policy-conflicts.ts'
import { uploadRemarks } from './report/upload-remarks.ts'
import { compareImages } from './trace/compare-images.ts'
import { type ReadImage, summarizeStages } from './trace/summarize-stages.ts'
import { version } from './version.ts'

/**
 * Hashes every stage, has each distinct Python file compiled by each interpreter, and finds where things first break.
 *
 * @throws VerifierError when a stage cannot be read, no interpreter is there, or there is no Python file at all.
 */
export async function verify(plan: Plan): Promise<Report> {
  return reportOf(plan, await investigate(plan))
}

/** The steps of a run, up to what they found. @throws VerifierError as `verify` does. */
export async function investigate(plan: Plan): Promise<Found> {
  await using cache = openVerdictCache({ directory: plan.cacheDirectory, log: plan.log })
  await using judges = openJudge(plan)
  const { stages, files } = await lookCloser(plan)
  const examined = await examine(plan, { stages, files }, { cache, judges, contents: stages.contents })
  return { ...examined, provenance: await compareProvenance(plan) }
}

/** The steps from what was read to what is wrong with it. @throws VerifierError when there is nobody to ask. */
export async function examine(plan: Plan, { stages, files }: Looked, means: Means): Promise<Examined> {
  const described = await describeImages(plan, stages)
  const cast = castRoles(plan, described)
  const verdicts = await judgeFiles(plan, files, cast, means)
  const causes = await findCauses(plan, { stages, files, described, cast, verdicts }, means)
  return { stages, files, described, cast, verdicts, causes }
}

/** What the files of the stages tell. */
interface Examined extends Looked {
  readonly described: ReadonlyMap<string, ImageDescription>
  readonly cast: CastRoles
  readonly verdicts: Verdicts
  readonly causes: Causes
}

/** What the steps of a run found. */
export interface Found extends Examined {
  readonly provenance: readonly Comparison[]
}

/** The report of what was found. */
export function reportOf(plan: Plan, found: Found): Report {
  const { stages, files, described, cast, verdicts, causes } = found
  const { roles, interpreters } = cast
  const { verdictOf } = verdicts
  const findings = allFindings(plan, found)
  const isRejected = (file: PythonFile, id: string) => file.kind === 'file' && verdictOf(file, { id }).kind === 'breaks'
  return {
    tool: { name: 'firstbreak', version },
    outcome: outcomeOf(findings),
    stages: summarizeStages(stages.manifests, files.traces, {
      images: imageReadings(stages),
      described,
      interpreters,
      isRejected,
    }),
    way: countWay(causes.judged),
    interpreters,
    roles: { deploy: roles.deployed, dev: roles.dev },
    mappings: [...files.mappings].flatMap(([stage, each]) => each.map(mapping => ({ ...mapping, stage }))),
    comparisons: compareImages(files.traces, { ...stages, described }),
    paths: files.traces.map(({ path }) => path),
    findings,
    hypotheses: answerHypotheses({ ...causes, ...causes.judged, ...causes.platforms }),
    remarks: allRemarks(plan, found),
  }
}

/** Those about files, and those about what stands around them; in the order of the report. */
function allFindings(plan: Plan, { stages, files, cast, causes, provenance }: Found): readonly Finding[] {
  const findings = [
    ...undecidedAltogether({ missing: cast.missing, unmapped: files.unmapped }),
    ...obstacleFindings(stages.survey?.obstacles ?? [], plan.sourceDirectory),
    ...provenanceFindings(provenance, plan.build),
    ...policyFindings(policyConflicts(plan.declarations, cast.roles.images)),
    ...causes.findings,
  ]
  return findings.sort(compareFindings)
}

/** What a reader must know of how it was looked at. */
function allRemarks(plan: Plan, { stages, files, cast, verdicts, causes, provenance }: Found): readonly string[] {
  return [
    ...plan.remarks,
    ...stages.holders.flatMap(({ remarks }) => remarks),
    ...checkoutRemarks(causes.judged, causes.drafts),
    ...duplicateRemarks(stages.manifests),
    ...provenance.flatMap(({ unchecked }) => unchecked),
    ...(stages.survey === null ? [] : uploadRemarks(stages.survey)),
    ...plan.declarations.remarks,
    ...files.builds.remarks,
    ...cast.remarks,
    ...verdicts.remarks,
    ...searchRemarks(causes.findings),
    ...besidesRemark(plan, files.newDirectories),
    ...installedRemark(plan, files.installed.length),
  ]
}

/** What the images say of themselves, and how much of each was read. */
function imageReadings({ images, holders }: Stages): ReadonlyMap<string, ReadImage> {
  const byFolders = readByFolders(holders)
  return new Map(
    [...images].map(([name, facts]) => [name, { ...facts, read: byFolders.has(name) ? 'folders' : 'layers' }]),
  )
}

function besidesRemark({ dependencies }: Plan, found: readonly NewDirectory[]): string[] {
  const files = found.reduce((sum, each) => sum + each.files.length, 0)
  if (dependencies || files === 0) return []
  const what = files === 1 ? '1 Python file' : `${grouped(files)} Python files`
  return [
    `${what} in directories that the source does not have ${files === 1 ? 'was' : 'were'} not compiled: --dependencies has that done`,
  ]
}

function installedRemark({ dependencies }: Plan, files: number): string[] {
  if (!dependencies) return []
  if (files === 0) return ['--dependencies: there is no image with Python packages or a standard library to judge']
  return [`${grouped(files)} Python files that are installed in the images, and not of the source, were judged as well`]
}
