import { type DifferenceBounds, lineDifference } from '../diagnosis/changes/line-difference.ts'
import { holdsSame } from '../diagnosis/comparison/pairs.ts'
import { deployInterpreters, type Judged } from '../diagnosis/drafts/judged.ts'
import { layerRecords } from '../diagnosis/drafts/layer-drafts.ts'
import { rememberingJudge } from '../interpreters/judge-contents.ts'
import { layerWrites } from '../manifest/layer-writes.ts'
import type { Sha256 } from '../model/digest.ts'
import type { TracedChange, TracedStage } from '../model/file-trace.ts'
import type { PythonFile } from '../model/manifest.ts'
import type { Path } from '../model/path.ts'
import type { HeldStep, Step, Trace } from '../model/trace.ts'
import type { Verdict } from '../model/verdict.ts'
import { toSource } from '../trace/find-mappings.ts'
import type { Files } from './align-files.ts'
import type { Means } from './judge-files.ts'
import type { Stages } from './read-stages.ts'

/** Larger contents are compared by digest alone. Bytes. */
const largestContent = 4 * 1024 * 1024

/** How much of a difference is shown of one file. */
const bounds: DifferenceBounds = { hunks: 4, lines: 16, around: 2, edits: 400 }

/** The contents of the file that are of use to a person, by digest. */
export type FileContents = ReadonlyMap<Sha256, Buffer>

/** What it takes to follow one file. */
export interface Following {
  readonly stages: Stages
  readonly files: Files
  readonly judged: Judged
  readonly contents: FileContents
}

/** Each distinct content of a file, but for those that are too large to look at. */
export async function fileContents({ steps }: Trace, { contents }: Pick<Means, 'contents'>): Promise<FileContents> {
  const small = steps.flatMap(({ file }) => (file?.kind === 'file' && file.size <= largestContent ? [file.sha256] : []))
  const read = new Map<Sha256, Buffer>()
  if (small.length === 0) return read
  for await (const { sha256, bytes } of contents(new Set(small))) read.set(sha256, Buffer.from(bytes))
  return read
}

/** A file stage by stage: who takes it there, what became of it on the way there, and which layers wrote it. */
export async function followFile(trace: Trace, following: Following, means: Means): Promise<TracedStage[]> {
  const stages: TracedStage[] = []
  for (const step of trace.steps) {
    const before = heldBefore(trace, step)
    stages.push({
      stage: step.stage,
      file: step.file,
      verdicts: verdictsOf(step.file, following.judged),
      change: before === null || step.file === null ? null : changeOf(before, step as HeldStep, following),
      layers: await layersOf(trace, step, { following, means, before: before?.file ?? null }),
    })
  }
  return stages
}

/** The step before that holds the file; for an image, the last one outside of images. */
function heldBefore({ steps }: Trace, step: Step): HeldStep | null {
  const isBefore = (each: Step) => each.file !== null && (step.stage.place !== 'image' || each.stage.place !== 'image')
  return (steps.slice(0, steps.indexOf(step)).findLast(isBefore) as HeldStep | undefined) ?? null
}

function verdictsOf(file: PythonFile | null, { interpreters, verdictOf }: Judged): TracedStage['verdicts'] {
  if (file?.kind !== 'file') return []
  return interpreters.map(each => ({ interpreter: each.id, verdict: verdictOf(file, each) }))
}

function changeOf(
  { stage, file: before }: HeldStep,
  { file: after }: HeldStep,
  { judged, contents }: Following,
): TracedChange | null {
  const explained = holdsSame(before, after) ? null : judged.comparison.explained(before, after)
  if (explained === null) return null
  const { change, changeDetail } = explained
  const [was, is] = [contents.get(before.sha256), contents.get(after.sha256)]
  return {
    since: stage.name,
    kind: change,
    and: changeDetail.and ?? null,
    says: changeDetail.says,
    hunks: was === undefined || is === undefined ? [] : lineDifference(was, is, bounds).hunks,
  }
}

async function layersOf(
  trace: Trace,
  { stage, file }: Step,
  { following, means, before }: { following: Following; means: Means; before: PythonFile | null },
): Promise<TracedStage['layers']> {
  const { stages, files, judged } = following
  const holder = stages.holders.find(({ source }) => source.stage.name === stage.name)!
  const image = stages.images.get(stage.name)
  const path = image === undefined ? null : (file?.path ?? deletedPath(trace, holder.manifest, files))
  if (image === undefined || path === null) return null
  const judge = rememberingJudge(means.judges.judge, means.cache)
  const [interpreter] = deployInterpreters(judged.interpreters, stage.name)
  const verdicts = new Map<Sha256, Verdict>()
  const writes = await layerWrites(holder.source, new Set([path]), async ({ sha256, bytes }) => {
    if (interpreter !== undefined) verdicts.set(sha256, await judge(bytes, interpreter))
  })
  const records = layerRecords(writes.get(path) ?? [], { layers: image.layers, verdicts, before: before?.sha256 })
  return { path, writes: records }
}

/** Where an image had the file until a layer deleted it. */
function deletedPath(
  { path: wanted }: Trace,
  { stage, deleted }: Stages['manifests'][number],
  { mappings }: Files,
): Path | null {
  const found = mappings.get(stage.name) ?? []
  return [...deleted.keys()].find(path => found.some(mapping => toSource(path, mapping) === wanted)) ?? null
}
