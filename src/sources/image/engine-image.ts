import type Docker from 'dockerode'
import type { Environment } from '../../model/environment.ts'
import { quoted } from '../../model/quoted.ts'
import type { ImageFacts, ImageSource, Platform } from '../../model/source.ts'
import type { ArchiveLimits } from '../archive/archive-limits.ts'
import { engineFailure, failureOfImage } from '../failure.ts'
import { containerImage } from './container.ts'
import { folderEntries } from './container-folders.ts'
import { dockerEngine, imageAbsent } from './docker-engine.ts'
import { ask, connectEngine } from './engine.ts'
import { holdImage } from './held-image.ts'
import { imageFacts, platformOf } from './image-config.ts'
import { fits } from './image-platform.ts'
import { isSetting } from './layer-instructions.ts'

/** How an image of an engine is looked for. */
export interface EngineSearch {
  /** Of the stage. */
  readonly name: string
  /** Says where the engine is, as for `dockerEngine`. */
  readonly environment: Environment
  /** Which of several images is meant; null for the host's. */
  readonly platform: Platform | null
  /** Of each of its layers. */
  readonly limits?: ArchiveLimits
  /** Gives up what is read of its folders. */
  readonly signal: AbortSignal
}

/**
 * An image held by the container engine of which nothing is read but what the engine says of it; its folders, or its layers, when
 * they are asked for. One of another platform than asked for is read by its layers.
 *
 * @throws VerifierError as `dockerEngine`.
 */
export async function engineImage(reference: string, search: EngineSearch): Promise<ImageSource> {
  const { name, environment, platform, signal } = search
  const engine = await connectEngine(environment)
  const { docker } = engine
  const asked = { subject: reference, verb: 'show', absent: imageAbsent }
  const named = docker.getImage(reference)
  // Asked together: the engine takes its time for each.
  const history = named.history().catch(() => [])
  const inspected = await ask(engine, asked, () => named.inspect())
  const byLayers = () => dockerEngine(reference, name, environment, search)
  const image = factsOf(reference, inspected, await history)
  if (platform !== null && image.platform !== null && !fits(image.platform, platform)) return byLayers()
  let read: Promise<ImageSource> | undefined
  const layers = () => {
    read ??= byLayers().then(found => sameImage(found, image, reference))
    return read
  }
  const stage = { name, place: 'image', kind: 'docker-engine', reference: inspected.Id } as const
  const diffIds = image.layers.map(({ diffId }) => diffId)
  return {
    stage,
    image,
    remarks: [],
    hold: giveUp => holdImage(docker, { reference, layers: diffIds, signal: giveUp }),
    manifestDigests: async () => (await layers()).manifestDigests?.() ?? [],
    async *entries(only) {
      yield* (await layers()).entries(only)
    },
    parts: {
      at: paths => ({
        stage,
        entries: only => folderEntries({ engine, image: containerImage(inspected), reference, paths, signal }, only),
      }),
      layers,
    },
  }
}

function sameImage(found: ImageSource, { layers }: ImageFacts, reference: string): ImageSource {
  const isSame =
    found.image.layers.length === layers.length &&
    layers.every(({ diffId }, index) => found.image.layers[index]!.diffId === diffId)
  if (isSame) return found
  throw engineFailure(`the container engine holds another image as ${quoted(reference)} by now; run again`)
}

function factsOf(reference: string, inspected: Docker.ImageInspectInfo, history: readonly Made[]): ImageFacts {
  const {
    RootFS,
    Config: config,
    Os: os,
    Architecture: architecture,
    Variant: variant,
  } = inspected as {
    readonly Variant?: string
  } & Docker.ImageInspectInfo
  const rootfs = { diff_ids: RootFS?.Layers ?? [] }
  const facts = imageFacts({ rootfs, config, os, architecture, variant }, failureOfImage(reference))
  const instructions = instructionsOf(history, facts.layers.length)
  return {
    ...facts,
    platform: platformOf({ os, architecture, variant }),
    layers: facts.layers.map((layer, index) => ({ ...layer, createdBy: instructions[index] ?? null })),
  }
}

/** A step of an image's history, as the engine tells it; the last one first. */
interface Made {
  readonly CreatedBy?: string
  readonly Size?: number
}

/**
 * Of each layer, lowest first; none where it cannot be told, as engines do not say which instructions made layers. Only who built
 * the image is told by it.
 */
function instructionsOf(history: readonly Made[], layers: number): readonly string[] {
  const made = history.filter(({ CreatedBy = '', Size = 0 }) => Size > 0 || !isSetting(CreatedBy)).reverse()
  return made.length === layers ? made.map(({ CreatedBy = '' }) => CreatedBy) : []
}
