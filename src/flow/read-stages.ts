import { readContents } from '../manifest/read-contents.ts'
import { takeManifest } from '../manifest/take-manifest.ts'
import type { Sha256 } from '../model/digest.ts'
import { VerifierError } from '../model/errors.ts'
import type { Content, Manifest } from '../model/manifest.ts'
import type { Path } from '../model/path.ts'
import type { ImageFacts, ImageParts, ImageSource, Source, UploadSource } from '../model/source.ts'
import type { UploadSurvey } from '../model/upload.ts'
import type { Plan } from '../plan.ts'
import { namedFiles } from '../project/named-files.ts'
import { sourceFolders } from './source-folders.ts'

/** What the stages of a run hold. */
export interface Stages {
  /** In the order of the way. */
  readonly holders: readonly StageHolder[]
  readonly manifests: readonly Manifest[]
  /** By the name of the stage. */
  readonly images: ReadonlyMap<string, ImageFacts>
  /** What goes up, where that was predicted. */
  readonly survey: UploadSurvey | null
  /** Reads contents of the Python files again, each once: see `readContents`. */
  readonly contents: (wanted: ReadonlySet<Sha256>) => AsyncIterable<Content>
}

export interface StageHolder {
  readonly source: Plan['sources'][number]
  readonly manifest: Manifest
  /** Of an image of which only folders were read: the rest of it. Null for all others. */
  readonly folders: FoldersRead | null
  /** What a reader must know of how it was read. */
  readonly remarks: readonly string[]
}

/** An image of which only folders were read, and how to read its layers. */
export type FoldersRead = Pick<ImageParts, 'layers'>

/** How much is read at first of an image whose engine shows folders: those that hold the source, where that can be told, or all. */
type FirstRead = 'folders' | 'layers'

/** Reads every stage through once. @throws VerifierError when one cannot be read. */
export async function readStages(plan: Plan, first: FirstRead = 'layers'): Promise<Stages> {
  const holders = await readInOrder(plan, first)
  return { ...stagesOf(holders), survey: await surveyUpload(plan) }
}

/** The same, out of what was read. */
export function stagesOf(holders: readonly StageHolder[]): Omit<Stages, 'survey'> {
  return {
    holders,
    manifests: holders.map(({ manifest }) => manifest),
    images: imageFacts(holders),
    contents: wanted => readContents(wanted, holders),
  }
}

/**
 * The commit and the working tree together, as one waits for git while the other waits for the disk; what is read by this process
 * alone, one after the other.
 */
async function readInOrder(plan: Plan, first: FirstRead): Promise<StageHolder[]> {
  const isWaitedFor = ({ stage }: Source) => stage.place === 'commit' || stage.place === 'worktree'
  const together = plan.sources.filter(isWaitedFor).map(source => readStage(source, plan))
  // The first failure on the way is the one that is told, whichever came first.
  await Promise.allSettled(together)
  const holders = await Promise.all(together)
  for (const source of plan.sources.slice(together.length)) {
    const sent = holders.findLast(({ manifest }) => manifest.stage.place !== 'image')?.manifest
    const isUnread = 'image' in source && source.parts !== undefined
    if (!isUnread) holders.push(await readStage(source, plan))
    else if (first === 'layers' || sent === undefined) holders.push(await readLayers(source.parts, plan))
    else holders.push(await readImage(source, source.parts, sent, plan))
  }
  return holders
}

async function readStage(source: StageHolder['source'], plan: Plan): Promise<StageHolder> {
  const { objectFormat, progress, signal } = plan
  signal.throwIfAborted()
  progress(`reading ${source.stage.name}`)
  return {
    source,
    manifest: await takeManifest(source, objectFormat, startedFiles(source)),
    folders: null,
    remarks: [],
  }
}

/** The images, by the name of the stage, of which only folders were read: nobody knows which layer wrote what. */
export function readByFolders(holders: readonly StageHolder[]): ReadonlySet<string> {
  return new Set(holders.filter(({ folders }) => folders !== null).map(({ source }) => source.stage.name))
}

/** The folders of an image that hold the source, where they can be told; else its layers. */
async function readImage(source: ImageSource, parts: ImageParts, sent: Manifest, plan: Plan): Promise<StageHolder> {
  const { name } = source.stage
  const folders = sourceFolders(plan, name, source.image, sent)
  if ('reason' in folders) return readLayers(parts, plan, `${name}: all layers were read, ${folders.reason}`)
  try {
    const holder = await readStage({ ...source, entries: parts.at(folders.paths).entries }, plan)
    return { ...holder, folders: { layers: parts.layers } }
  } catch (error) {
    plan.signal.throwIfAborted()
    if (!(error instanceof VerifierError)) throw error
    return readLayers(parts, plan, `${name}: all layers were read, as its folders could not be: ${error.message}`)
  }
}

/** The same image by its layers. */
export async function readLayers(
  { layers }: FoldersRead,
  plan: Plan,
  ...remarks: readonly string[]
): Promise<StageHolder> {
  plan.signal.throwIfAborted()
  const source = await layers()
  const holder = await readStage(source, plan)
  return { ...holder, remarks: [...source.remarks, ...remarks] }
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
function imageFacts(holders: readonly StageHolder[]): ReadonlyMap<string, ImageFacts> {
  return new Map(holders.flatMap(({ source }) => ('image' in source ? [[source.stage.name, source.image]] : [])))
}
