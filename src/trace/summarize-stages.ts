import type { ImageDescription } from '../model/image-description.ts'
import type { Manifest, PythonFile } from '../model/manifest.ts'
import type { LayerSummary, StageSummary } from '../model/report.ts'
import type { ImageFacts } from '../model/source.ts'
import type { Trace } from '../model/trace.ts'
import { stageDigest } from './stage-digest.ts'

/** An image, and how much of it was read. */
export type ReadImage = Pick<ImageFacts, 'layers'> & { readonly read: NonNullable<StageSummary['read']> }

/** What is known of stages besides their files: of images, by the name of the stage, and who rejects what. */
export interface Known {
  readonly images: ReadonlyMap<string, ReadImage>
  readonly described: ReadonlyMap<string, ImageDescription>
  readonly interpreters: readonly { readonly id: string }[]
  readonly isRejected: (file: PythonFile, interpreter: string) => boolean
}

/** What each stage holds, in the order of the way. */
export function summarizeStages(
  manifests: readonly Manifest[],
  traces: readonly Trace[],
  { images, described, interpreters, isRejected }: Known,
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
      description: described.get(stage.name) ?? null,
      rejectedBy: interpreters.map(({ id }) => ({
        interpreter: id,
        files: held.filter(({ file }) => isRejected(file, id)).length,
      })),
    }
  })
}

function summarizeLayers({ layers }: ReadImage, python: Manifest['python']): LayerSummary[] {
  const counts = layers.map(() => 0)
  for (const { layer } of python.values()) counts[layer]! += 1
  return layers.map((layer, index) => ({ index, ...layer, pythonFiles: counts[index]! }))
}
