import type Docker from 'dockerode'
import type { Environment } from '../model/environment.ts'
import { quoted } from '../model/quoted.ts'
import type { ImageSource, ManifestDigest, Platform } from '../model/source.ts'
import { asFailure, engineFailure, failureOfImage } from './failure.ts'
import { holdImage } from './held-image.ts'
import { type EngineAddress, engineAddress } from './image-engine-address.ts'
import { savedImage, tarMedium } from './image-saved.ts'

/**
 * An image held by the container engine, as `docker save` would write it: streamed, once now and once for each time its
 * entries are asked for. Nothing is pulled.
 *
 * @param name of the stage.
 * @param environment `DOCKER_HOST` and what goes with it say where the engine is, as for the `docker` command.
 * @param platform which of several images is meant; null for the host's.
 * @throws VerifierError when no engine answers, it does not hold the image, or it stops midway.
 */
export async function dockerEngine(
  reference: string,
  name: string,
  environment: Environment,
  platform: Platform | null = null,
): Promise<ImageSource> {
  const address = await engineAddress(environment)
  // Loaded here because it is slow to load, and most runs need no engine.
  const { default: Docker } = await import('dockerode')
  const docker = new Docker(address.options)
  const tar = tarMedium(() => bytesOf(docker, reference, address), failureOfImage(reference))
  const saved = await savedImage(tar, { name, kind: 'docker-engine', platform })
  const layers = saved.image.layers.map(({ diffId }) => diffId)
  return {
    ...saved,
    hold: signal => holdImage(docker, { reference, layers, signal }),
    manifestDigests: async () => [...(await registryDigests(docker, reference)), ...(await saved.manifestDigests())],
  }
}

/** Where it was pulled from and pushed to, as far as the engine knows. */
async function registryDigests(docker: Docker, reference: string): Promise<ManifestDigest[]> {
  const { RepoDigests: digests } = await docker
    .getImage(reference)
    .inspect()
    .catch(cause => {
      throw engineFailure(`the container engine does not tell of ${quoted(reference)}: ${cause.message}; try again`, {
        cause,
      })
    })
  return (Array.isArray(digests) ? digests : []).flatMap(each => {
    const [, repository, digest] = /^(.+)@(sha256:[0-9a-f]{64})$/.exec(String(each)) ?? []
    return repository === undefined || digest === undefined ? [] : { repository, digest }
  })
}

async function* bytesOf(docker: Docker, reference: string, address: EngineAddress): AsyncGenerator<Uint8Array> {
  const tar = await savedBy(docker, reference, address)
  try {
    for await (const chunk of tar) yield chunk as Buffer
  } catch (error) {
    throw asFailure(error, engineFailure, `the container engine stopped while it sent ${quoted(reference)}; try again`)
  }
}

async function savedBy(docker: Docker, reference: string, { title }: EngineAddress): Promise<NodeJS.ReadableStream> {
  try {
    return await docker.getImage(reference).get()
  } catch (cause) {
    const { statusCode, message } = cause as Error & { readonly statusCode?: number }
    if (statusCode === undefined) {
      throw engineFailure(
        `no container engine answers at ${title} (${message}): start it, set DOCKER_HOST, or name a file made by docker save`,
        { cause },
      )
    }
    if (statusCode === 404) {
      throw failureOfImage(reference)(
        'the container engine holds no such image: pull or build it, or name a file made by docker save',
        { cause },
      )
    }
    throw engineFailure(`the container engine does not save ${quoted(reference)}: ${message.trim()}`, { cause })
  }
}
