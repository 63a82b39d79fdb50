import { type Path, parsePath } from '../../model/path.ts'
import type { Platform } from '../../model/source.ts'
import type { StageKind } from '../../model/stage.ts'
import { excerpt, type Fail } from '../failure.ts'
import { platformOf } from './image-config.ts'
import { blobPath, fieldsOf, type JsonObject, listOf, objectOf, readDocument, textOf } from './image-documents.ts'
import { fits, platformTitle } from './image-platform.ts'
import type { Survey } from './image-survey.ts'

/** The one image of a tar: where its parts are. */
export interface SavedImage {
  readonly kind: Extract<StageKind, 'docker-archive' | 'oci-layout'>
  readonly config: Path
  /** Lowest first. */
  readonly layers: readonly Path[]
  /** `sha256:…` of its manifest, and of each index that leads to it. */
  readonly digests: readonly string[]
}

/** An image and what it may be told apart by. */
type Candidate = Omit<SavedImage, 'kind'> & {
  readonly names: readonly string[]
  /** As the index has it; null where it does not say. */
  readonly platform: Platform | null
}

const dockerManifest = parsePath('manifest.json')!
const ociIndex = parsePath('index.json')!

/**
 * The image that was saved: by `manifest.json`, which `docker save` writes in all its layouts, else by the OCI index; of
 * several, the only one for the wanted platform.
 *
 * @throws what `fail` makes, when there is none, several, or the manifest is not as it should be.
 */
export function findImage(survey: Survey, wanted: Platform, fail: Fail): SavedImage {
  const onlyOne = (images: readonly Candidate[]) => choose(images, { wanted, survey, fail })
  if (survey.files.has(dockerManifest)) {
    const image = onlyOne(dockerImages(survey, fail))
    return { kind: 'docker-archive', ...image, digests: digestsBeside(image, survey, fail) }
  }
  if (survey.files.has(ociIndex)) return { kind: 'oci-layout', ...onlyOne(ociImages(survey, fail)) }
  throw fail('it holds neither manifest.json nor index.json: it is no image; make it with docker save')
}

/** https://github.com/moby/moby/blob/master/image/spec/v1.2.md#combined-image-json--filesystem-changeset-format */
function dockerImages(survey: Survey, fail: Fail): Candidate[] {
  const images = listOf(readDocument(survey, dockerManifest, fail), objectOf)
  if (images === null) throw fail('its manifest.json is no list of images; save it again')
  return images.map(image => {
    const config = pathOf(image.Config)
    const layers = listOf(image.Layers, pathOf)
    if (config === null || layers === null) throw fail('its manifest.json names no Config or no Layers; save it again')
    return { config, layers, digests: [], platform: null, names: listOf(image.RepoTags, textOf) ?? [config] }
  })
}

/** https://github.com/opencontainers/image-spec/blob/main/image-layout.md: all images that the index leads to, also through other indexes. An index may list more than was saved. */
function ociImages(survey: Survey, fail: Fail): Candidate[] {
  const images: Candidate[] = []
  const open = descriptorsOf(readDocument(survey, ociIndex, fail), fail).map(descriptor => ({
    descriptor,
    within: none,
  }))
  const seen = new Set<Path>()
  let absent: Path | null = null
  for (const { descriptor, within } of open) {
    const path = blobPath(descriptor)
    if (path === null) throw fail('a descriptor of its index states no SHA-256; save it again')
    if (seen.has(path) || isAttestation(descriptor)) continue
    seen.add(path)
    if (!survey.files.has(path)) {
      absent ??= path
      continue
    }
    const manifest = readDocument(survey, path, fail)
    const digests = [textOf(descriptor.digest)!, ...within]
    if (fieldsOf(manifest).manifests === undefined) {
      images.push({
        ...ociImage(manifest, fail),
        digests,
        platform: platformOf(descriptor.platform),
        names: [nameOf(descriptor) ?? path],
      })
    } else {
      for (const inner of descriptorsOf(manifest, fail)) open.push({ descriptor: inner, within: digests })
    }
  }
  if (images.length === 0 && absent !== null) throw fail(`${excerpt(absent)} is missing; save the image again`)
  return images
}

const none: readonly string[] = []

/** What the OCI index that newer engines save beside their manifest.json says of the same image. */
function digestsBeside({ config }: Candidate, survey: Survey, fail: Fail): readonly string[] {
  if (!survey.files.has(ociIndex)) return none
  try {
    return ociImages(survey, fail)
      .filter(image => image.config === config)
      .flatMap(({ digests }) => digests)
  } catch {
    // The image is whole by its manifest.json; an index that leads nowhere only tells no digest.
    return none
  }
}

function ociImage(manifest: unknown, fail: Fail): Pick<Candidate, 'config' | 'layers'> {
  const { config: descriptor, layers: descriptors } = fieldsOf(manifest)
  const config = blobPath(descriptor)
  const layers = listOf(descriptors, blobPath)
  if (config === null || layers === null) throw fail('its manifest names no config or no layers; save it again')
  return { config, layers }
}

function descriptorsOf(index: unknown, fail: Fail): JsonObject[] {
  const descriptors = listOf(fieldsOf(index).manifests, objectOf)
  if (descriptors === null) throw fail('its index lists no manifests; save it again')
  return descriptors
}

/** Several names of one configuration are one image. */
function choose(
  images: readonly Candidate[],
  { wanted, survey, fail }: { readonly wanted: Platform; readonly survey: Survey; readonly fail: Fail },
): Candidate {
  const distinct = images.filter((image, i) => images.findIndex(({ config }) => config === image.config) === i)
  const [first, ...others] = distinct
  if (first === undefined) throw fail('its manifest lists no image; save it again')
  if (others.length === 0) return first
  const platforms = distinct.map(image => image.platform ?? platformOf(readDocument(survey, image.config, fail)))
  const [fitting, ...more] = distinct.filter((_, i) => platforms[i] != null && fits(platforms[i], wanted))
  if (fitting !== undefined && more.length === 0) return fitting
  const titles = [...new Set(platforms.map(platform => (platform === null ? 'no platform' : platformTitle(platform))))]
  if (titles.length > 1 && fitting === undefined) {
    throw fail(
      `it holds images for ${listed(titles)}, and none for ${platformTitle(wanted)}: name one of them with --platform`,
    )
  }
  throw fail(`it holds several images, ${listed(images.flatMap(({ names }) => names))}: save the one to be looked at`)
}

function listed(names: readonly string[]): string {
  return names.slice(0, 10).map(excerpt).join(', ')
}

/** BuildKit lists what it attests of an image beside the image. */
function isAttestation({ annotations }: JsonObject): boolean {
  return fieldsOf(annotations)['vnd.docker.reference.type'] === 'attestation-manifest'
}

/** The tag or, of an image for several platforms, the platform. */
function nameOf({ annotations, platform }: JsonObject): string | null {
  const { os, architecture } = fieldsOf(platform)
  const tags = fieldsOf(annotations)
  return (
    textOf(tags['io.containerd.image.name']) ??
    textOf(tags['org.opencontainers.image.ref.name']) ??
    (os === undefined ? null : `${os}/${architecture}`)
  )
}

function pathOf(value: unknown): Path | null {
  const text = textOf(value)
  return text === null ? null : parsePath(text)
}
