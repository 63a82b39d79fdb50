import type Docker from 'dockerode'
import type { Environment } from '../../model/environment.ts'
import { ownChanges } from '../../model/layer-instruction.ts'
import { type Path, parsePath } from '../../model/path.ts'
import { quoted } from '../../model/quoted.ts'
import type { Entry, ImageFacts, ImageSource } from '../../model/source.ts'
import { defaultLimits } from '../archive/archive-limits.ts'
import { readTar } from '../archive/tar.ts'
import { type Fail, failureOfImage } from '../failure.ts'
import { ask, connectEngine, type Engine, sent } from './engine.ts'
import { imageFacts } from './image-config.ts'
import { type ImageOptions, savedImage, tarMedium } from './image-saved.ts'
import { entryOf } from './layer.ts'

/** How a container is asked for: `container:NAME`. */
export const containerPrefix = 'container:'

/**
 * A container, running or not, as it stands: the layers of its image and, as one more on top, what it has changed itself.
 * It is neither stopped nor started.
 *
 * @param container its name or id.
 * @param name of the stage.
 * @param environment says where the engine is, as for `dockerEngine`.
 * @throws VerifierError when no engine answers, it holds no such container, or it stops midway.
 */
export async function dockerContainer(
  container: string,
  name: string,
  environment: Environment,
  { limits = defaultLimits }: Pick<ImageOptions, 'limits'> = {},
): Promise<ImageSource> {
  const engine = await connectEngine(environment)
  const held = { engine, container, fail: failureOfImage(`${containerPrefix}${container}`) }
  const inspected = await ask(engine, asked(container), () => engine.docker.getContainer(container).inspect())
  const tar = tarMedium(() => imageBytes(held, inspected.Image), held.fail)
  const image = await savedImage(tar, { name, kind: 'container', platform: null, limits })
  const ownLayer = image.image.layers.length
  return {
    ...image,
    stage: { ...image.stage, reference: inspected.Id },
    image: factsOf(inspected, image.image, held.fail),
    remarks: mountRemarks(name, inspected),
    async *entries(only) {
      yield* image.entries(only)
      yield* ownEntries(held, ownLayer, only)
    },
  }
}

interface HeldContainer {
  readonly engine: Engine
  readonly container: string
  readonly fail: Fail
}

function asked(container: string) {
  const absent = 'the container engine holds no such container: docker ps --all lists those it holds'
  return { subject: `${containerPrefix}${container}`, verb: 'show', absent }
}

function imageBytes({ engine, container }: HeldContainer, image: string): AsyncGenerator<Uint8Array> {
  const absent = 'the container engine does not hold its image any more: name a file made by docker export'
  return sent(engine, { ...asked(container), absent }, () => engine.docker.getImage(image).get())
}

/** What the container was made with stands over what its image says. */
function factsOf({ Config: config }: Docker.ContainerInspectInfo, image: ImageFacts, fail: Fail): ImageFacts {
  const own = imageFacts({ rootfs: { diff_ids: [] }, config }, fail)
  const changes = { diffId: null, createdBy: ownChanges }
  return { ...own, platform: image.platform, layers: [...image.layers, changes] }
}

function mountRemarks(name: string, { Mounts: mounts }: Docker.ContainerInspectInfo): string[] {
  const places = (mounts ?? []).map(({ Destination: place }) => quoted(place)).sort()
  if (places.length === 0) return []
  return [`${name}: what is mounted at ${places.join(', ')} is not the container's own, and was not looked at`]
}

/** What it has changed so far: what it deleted, then the files that it added or changed. */
async function* ownEntries(
  { engine, container, fail }: HeldContainer,
  layer: number,
  only: ReadonlySet<Path> | undefined,
): AsyncGenerator<Entry> {
  const handle = engine.docker.getContainer(container)
  const changes: unknown = await ask(engine, asked(container), () => handle.changes())
  const [deleted, written] = changesIn(changes, fail)
  for (const path of deleted) if (only === undefined || only.has(path)) yield { path, layer, kind: 'whiteout' }
  if (written.size === 0) return
  const tar = sent(engine, asked(container), () => handle.export())
  for await (const record of readTar(tar, { fail, endMayBeMissing: false })) {
    const entry = entryOf(record, layer, fail)
    if (written.has(entry.path) && (only === undefined || only.has(entry.path))) yield entry
  }
}

/** https://docs.docker.com/reference/api/engine: 0 modified, 1 added, 2 deleted. For none at all, null, which dockerode hands on as bytes. */
function changesIn(changes: unknown, fail: Fail): [ReadonlySet<Path>, ReadonlySet<Path>] {
  const [deleted, written] = [new Set<Path>(), new Set<Path>()]
  const told: { readonly Path: string; readonly Kind: number }[] = Array.isArray(changes) ? changes : []
  for (const { Path: name, Kind: kind } of told) {
    const path = parsePath(name)
    if (path === null) throw fail('the container engine tells of a change outside of it')
    const set = kind === 2 ? deleted : written
    set.add(path)
  }
  return [deleted, written]
}
