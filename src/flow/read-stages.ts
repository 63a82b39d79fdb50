import { takeManifest } from '../manifest/take-manifest.ts'
import type { Manifest } from '../model/manifest.ts'
import type { Path } from '../model/path.ts'
import type { ImageFacts, UploadSource } from '../model/source.ts'
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
  const { sources, objectFormat, progress, signal } = plan
  const holders: StageHolder[] = []
  for (const source of sources) {
    signal.throwIfAborted()
    progress(`reading ${source.stage.name}`)
    holders.push({ source, manifest: await takeManifest(source, objectFormat, startedFiles(source)) })
  }
  const manifests = holders.map(({ manifest }) => manifest)
  return { holders, manifests, images: imageFacts(plan), survey: await surveyUpload(plan) }
}

/** The files that an image names as what it starts. */
function startedFiles(source: Plan['sources'][number]): ReadonlySet<Path> {
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
