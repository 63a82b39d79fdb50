import type { Manifest, PythonFile } from '../model/manifest.ts'
import type { LayerSummary, StageSummary } from '../model/report.ts'
import type { ImageFacts } from '../model/source.ts'
import type { Trace } from '../model/trace.ts'
import { stageDigest } from './stage-digest.ts'

/** Who rejects what. */
export interface Rejections {
  readonly interpreters: readonly { readonly id: string }[]
  readonly isRejected: (file: PythonFile, interpreter: string) => boolean
}

/** An image, and how much of it was read. */
export type ReadImage = Pick<ImageFacts, 'layers'> & { readonly read: NonNullable<StageSummary['read']> }

/** What each stage holds, in the order of the way. `images` by the name of the stage. */
export function summarizeStages(
  manifests: readonly Manifest[],
  traces: readonly Trace[],
  images: ReadonlyMap<string, ReadImage>,
  rejects: Rejections,
): StageSummary[] {
  return manifests.map(({ stage, files, python }) => {
    const held = traces.flatMap(({ path, steps }) => {
      const file = steps.find(step => step.stage.name === stage.name)?.file ?? null
      return file === null ? [] : [{ path, file }]
    })
    const image = images.get(stage.name)
    return {
      ...stage,
      files,
      pythonFiles: held.length,
      digest: stageDigest(held.map(({ path, file }) => [path, file.sha256])),
      read: image?.read ?? null,
      layers: image?.read === 'layers' ? summarizeLayers(image, python) : null,
      rejectedBy: rejects.interpreters.map(({ id }) => ({
        interpreter: id,
        files: held.filter(({ file }) => rejects.isRejected(file, id)).length,
      })),
    }
  })
}

function summarizeLayers({ layers }: ReadImage, python: Manifest['python']): LayerSummary[] {
  const counts = layers.map(() => 0)
  for (const { layer } of python.values()) counts[layer]! += 1
  return layers.map((layer, index) => ({ index, ...layer, pythonFiles: counts[index]! }))
}
