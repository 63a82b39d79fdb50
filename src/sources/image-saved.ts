import { type Path, parsePath } from '../model/path.ts'
import type { Entry, ImageFacts, ImageSource } from '../model/source.ts'
import type { StageKind } from '../model/stage.ts'
import type { Fail } from './failure.ts'
import { imageFacts } from './image-config.ts'
import { digestOf, readDocument } from './image-documents.ts'
import { findImage, type SavedImage } from './image-manifest.ts'
import { resolveFile, type Survey, surveyImage } from './image-survey.ts'
import { type Layer, layerEntries, titleOf } from './layer.ts'
import { readTar } from './tar.ts'

/** A tar as container engines save images, wherever it comes from. */
export interface SavedTar {
  /** The tar, from its start each time. */
  readonly bytes: () => AsyncIterable<Uint8Array>
  readonly fail: Fail
}

/**
 * The image in a tar: read once now and once for each time its entries are asked for; nothing of it is kept.
 *
 * @param stage its name, and its kind if that is not for the tar to say.
 * @throws what `fail` makes, when the tar is cut off, holds no image or several, or is not what its digests say.
 */
export async function savedImage(
  tar: SavedTar,
  stage: { readonly name: string; readonly kind?: StageKind },
): Promise<ImageSource & Required<Pick<ImageSource, 'manifestDigests'>>> {
  const survey = await surveyImage(tar.bytes(), tar.fail)
  const found = findImage(survey, tar.fail)
  const image = imageFacts(readDocument(survey, found.config, tar.fail), tar.fail)
  const layers = layersByFile(listLayers(image, found, survey, tar.fail), tar.fail)
  return {
    stage: { kind: found.kind, ...stage, place: 'image', reference: digestOf(survey.documents.get(found.config)!) },
    image,
    manifestDigests: async () => found.digests.map(digest => ({ repository: null, digest })),
    entries: only => imageEntries(tar, layers, only),
  }
}

/** Lowest first. */
function listLayers({ layers }: ImageFacts, { layers: files }: SavedImage, survey: Survey, fail: Fail): Layer[] {
  if (layers.length !== files.length) {
    throw fail(`its configuration lists ${layers.length} layers, its manifest ${files.length}; save it again`)
  }
  return layers.map((layer, index) => {
    const file = resolveFile(survey, files[index]!)
    if (file === null) throw fail(`${titleOf({ ...layer, index })}: it is missing; save the image again`)
    return { ...layer, index, file }
  })
}

/**
 * The layer that each file of the tar holds. Where an image lists one file several times, that is the highest of them:
 * each of its records replaces or hides the very same paths again, so nothing of the lower ones is left to be seen; nor do
 * the layers between need them, because a hard link leads to a file of its own layer.
 */
function layersByFile(layers: readonly Layer[], fail: Fail): ReadonlyMap<Path, Layer> {
  const byFile = new Map<Path, Layer>()
  for (const layer of layers) {
    const { diffId = layer.diffId, index } = byFile.get(layer.file) ?? {}
    if (diffId !== layer.diffId) {
      throw fail(
        `layers ${index} and ${layer.index} are one file and have two digests: the image is damaged; save it again`,
      )
    }
    byFile.set(layer.file, layer)
  }
  return byFile
}

/** In the order in which the tar holds the layers. */
async function* imageEntries(
  { bytes, fail }: SavedTar,
  layers: ReadonlyMap<Path, Layer>,
  only: ReadonlySet<Path> | undefined,
): AsyncGenerator<Entry> {
  const unseen = new Map(layers)
  for await (const { name, body } of readTar(bytes(), { fail, endMayBeMissing: false })) {
    const file = parsePath(name)
    const layer = file === null ? undefined : layers.get(file)
    if (layer === undefined) continue
    for await (const entry of layerEntries(body(), layer, fail)) {
      if (only === undefined || only.has(entry.path)) yield entry
    }
    unseen.delete(layer.file)
  }
  const [missing] = unseen.values()
  if (missing !== undefined)
    throw fail(`${titleOf(missing)}: it is gone, the image changed while it was read; run again`)
}
