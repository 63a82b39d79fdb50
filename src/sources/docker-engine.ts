import type Docker from 'dockerode'
import type { Environment } from '../model/environment.ts'
import { quoted } from '../model/quoted.ts'
import type { ImageSource } from '../model/source.ts'
import { asFailure, engineFailure, failureOfImage } from './failure.ts'
import { holdImage } from './held-image.ts'
import { type EngineAddress, engineAddress } from './image-engine-address.ts'
import { savedImage } from './image-saved.ts'

/**
 * An image held by the container engine, as `docker save` would write it: streamed, once now and once for each time its
 * entries are asked for. Nothing is pulled.
 *
 * @param name of the stage.
 * @param environment `DOCKER_HOST` and what goes with it say where the engine is, as for the `docker` command.
 * @throws VerifierError when no engine answers, it does not hold the image, or it stops midway.
 */
export async function dockerEngine(reference: string, name: string, environment: Environment): Promise<ImageSource> {
  const address = await engineAddress(environment)
  // Loaded here because it is slow to load, and most runs need no engine.
  const { default: Docker } = await import('dockerode')
  const docker = new Docker(address.options)
  const tar = { bytes: () => bytesOf(docker, reference, address), fail: failureOfImage(reference) }
  const source = await savedImage(tar, { name, kind: 'docker-engine' })
  const layers = source.image.layers.map(({ diffId }) => diffId)
  return { ...source, hold: signal => holdImage(docker, { reference, layers, signal }) }
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
