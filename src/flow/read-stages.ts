import { takeManifest } from '../manifest/take-manifest.ts'
import type { Manifest } from '../model/manifest.ts'
import type { Path } from '../model/path.ts'
import type { ImageFacts, Source, UploadSource } from '../model/source.ts'
import type { UploadSurvey } from '../model/upload.ts'
import type { Plan } from '../plan.ts'
import { namedFiles } from '../project/named-files.ts'

/** What the stages of a run hold. */
export interface Stages {
  /** In the order of the way. */
  readonly holders: readonly StageHolder[]
  readonly manifests: readonly Manifest[]
  /** By the name of the stage. */
  readonly images: ReadonlyMap<string, ImageFacts>
  /** What goes up, where that was predicted. */
  readonly survey: UploadSurvey | null
}

interface StageHolder {
  readonly source: Plan['sources'][number]
  readonly manifest: Manifest
}

/** Reads every stage through once. @throws VerifierError when one cannot be read. */
export async function readStages(plan: Plan): Promise<Stages> {
  const holders = await readInOrder(plan)
  const manifests = holders.map(({ manifest }) => manifest)
  return { holders, manifests, images: imageFacts(plan), survey: await surveyUpload(plan) }
}

/**
 * The commit and the working tree together, as one waits for git while the other waits for the disk; what is read by this process
 * alone, one after the other.
 */
async function readInOrder(plan: Plan): Promise<StageHolder[]> {
  const isWaitedFor = ({ stage }: Source) => stage.place === 'commit' || stage.place === 'worktree'
  const together = plan.sources.filter(isWaitedFor).map(source => readStage(source, plan))
  // The first failure on the way is the one that is told, whichever came first.
  await Promise.allSettled(together)
  const holders = await Promise.all(together)
  for (const source of plan.sources.slice(together.length)) holders.push(await readStage(source, plan))
  return holders
}

async function readStage(source: StageHolder['source'], plan: Plan): Promise<StageHolder> {
  const { objectFormat, progress, signal } = plan
  signal.throwIfAborted()
  progress(`reading ${source.stage.name}`)
  return { source, manifest: await takeManifest(source, objectFormat, startedFiles(source)) }
}

/** The files that an image names as what it starts. */
export function startedFiles(source: Plan['sources'][number]): ReadonlySet<Path> {
  return 'image' in source ? namedFiles(source.image) : new Set()
}

/** What goes up, where that was predicted. */
async function surveyUpload({ sources }: Plan): Promise<UploadSurvey | null> {
  const predicted = sources.find((source): source is UploadSource => 'survey' in source)
  return predicted === undefined ? null : predicted.survey()
}

/** By the name of the stage. */
function imageFacts({ sources }: Plan): ReadonlyMap<string, ImageFacts> {
  return new Map(sources.flatMap(source => ('image' in source ? [[source.stage.name, source.image]] : [])))
}
