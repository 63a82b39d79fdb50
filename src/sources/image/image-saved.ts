import { type Path, parsePath } from '../../model/path.ts'
import type { Entry, ImageFacts, ImageSource, Platform } from '../../model/source.ts'
import type { StageKind } from '../../model/stage.ts'
import { type ArchiveLimits, defaultLimits } from '../archive/archive-limits.ts'
import { readTar } from '../archive/tar.ts'
import type { Fail } from '../failure.ts'
import { imageFacts, type SavedFacts } from './image-config.ts'
import { digestOf, readDocument } from './image-documents.ts'
import { findImage, type SavedImage } from './image-manifest.ts'
import { fits, hostPlatform, platformTitle } from './image-platform.ts'
import { resolveFile, type Survey, surveyImage } from './image-survey.ts'
import { type Layer, layerEntries, titleOf } from './layer.ts'

/** What holds the files of a saved image: a tar or a folder. */
export interface ImageMedium {
  readonly fail: Fail
  /** What there is beside the layers. */
  survey(): Promise<Survey>
  /** The files of these names, in the medium's own order, and their bytes, once, before the next one is asked for. */
  files(
    wanted: ReadonlySet<Path>,
  ): AsyncIterable<{ readonly path: Path; readonly body: () => AsyncIterable<Uint8Array> }>
}

/** Which image is meant, and what its stage is. */
export interface WantedImage {
  /** Of the stage. */
  readonly name: string
  /** Of the stage, if that is not for the medium to say. */
  readonly kind?: StageKind
  /** Which of several is meant; null for the host's. An only one is taken whatever it is for. */
  readonly platform: Platform | null
  /** Of each of its layers. */
  readonly limits?: ArchiveLimits
}

/** How an image is to be read, whatever holds it. */
export type ImageOptions = Partial<Pick<WantedImage, 'platform' | 'limits'>>

/**
 * The image in a medium, which is read now and each time its entries are asked for; nothing of it is kept.
 *
 * @throws what `fail` makes, when the medium is cut off, holds no image or several, or is not what its digests say.
 */
export async function savedImage(
  medium: ImageMedium,
  { platform, limits = defaultLimits, ...stage }: WantedImage,
): Promise<ImageSource & Required<Pick<ImageSource, 'manifestDigests'>>> {
  const { fail } = medium
  const survey = await medium.survey()
  const found = findImage(survey, platform ?? hostPlatform(), fail)
  const image = imageFacts(readDocument(survey, found.config, fail), fail)
  const layers = layersByFile(listLayers(image, found, survey, fail), fail)
  return {
    stage: { kind: found.kind, ...stage, place: 'image', reference: digestOf(survey.documents.get(found.config)!) },
    image,
    remarks: otherPlatform(stage.name, image, platform),
    manifestDigests: async () => found.digests.map(digest => ({ repository: null, digest })),
    entries: only => imageEntries({ ...medium, limits }, layers, only),
  }
}

/** Said only where somebody asked, so that the report is the same on every machine. */
function otherPlatform(name: string, { platform }: ImageFacts, wanted: Platform | null): string[] {
  if (wanted === null || platform === null || fits(platform, wanted)) return []
  return [
    `${name} is for ${platformTitle(platform)}, not for ${platformTitle(wanted)}, and there is no other to choose`,
  ]
}

/** What stands in a tar as container engines save images, wherever that comes from: from its start each time. */
export function tarMedium(bytes: () => AsyncIterable<Uint8Array>, fail: Fail): ImageMedium {
  return {
    fail,
    survey: () => surveyImage(readTar(bytes(), { fail, endMayBeMissing: false }), fail),
    async *files(wanted) {
      for await (const { name, body } of readTar(bytes(), { fail, endMayBeMissing: false })) {
        const path = parsePath(name)
        if (path !== null && wanted.has(path)) yield { path, body }
      }
    },
  }
}

/** Lowest first. */
function listLayers({ layers }: SavedFacts, { layers: files }: SavedImage, survey: Survey, fail: Fail): Layer[] {
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

/** In the order in which the medium holds the layers. */
async function* imageEntries(
  { files, ...reading }: ImageMedium & { readonly limits: ArchiveLimits },
  layers: ReadonlyMap<Path, Layer>,
  only: ReadonlySet<Path> | undefined,
): AsyncGenerator<Entry> {
  const unseen = new Map(layers)
  for await (const { path, body } of files(new Set(layers.keys()))) {
    const layer = layers.get(path)!
    for await (const entry of layerEntries(body(), layer, reading)) {
      if (only === undefined || only.has(entry.path)) yield entry
    }
    unseen.delete(layer.file)
  }
  const [missing] = unseen.values()
  if (missing !== undefined)
    throw reading.fail(`${titleOf(missing)}: it is gone, the image changed while it was read; run again`)
}
