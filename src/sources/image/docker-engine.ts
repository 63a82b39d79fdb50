import type Docker from 'dockerode'
import type { Environment } from '../../model/environment.ts'
import { quoted } from '../../model/quoted.ts'
import type { ImageSource, ManifestDigest } from '../../model/source.ts'
import { defaultLimits } from '../archive/archive-limits.ts'
import { engineFailure, failureOfImage } from '../failure.ts'
import { connectEngine, type Engine, sent } from './engine.ts'
import { holdImage } from './held-image.ts'
import { type ImageOptions, savedImage, tarMedium } from './image-saved.ts'

/**
 * An image held by the container engine, as `docker save` would write it: streamed, once now and once for each time its
 * entries are asked for. Nothing is pulled.
 *
 * @param name of the stage.
 * @param environment `DOCKER_HOST` and what goes with it say where the engine is, as for the `docker` command.
 * @throws VerifierError when no engine answers, it does not hold the image, or it stops midway.
 */
export async function dockerEngine(
  reference: string,
  name: string,
  environment: Environment,
  { platform = null, limits = defaultLimits }: ImageOptions = {},
): Promise<ImageSource> {
  const engine = await connectEngine(environment)
  const { docker } = engine
  const tar = tarMedium(() => savedBytes(engine, reference), failureOfImage(reference))
  const saved = await savedImage(tar, { name, kind: 'docker-engine', platform, limits })
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

/** What to say, and what to do, where the engine holds no such image. */
export const imageAbsent =
  'the container engine holds no such image: pull or build it, or name a file made by docker save'

function savedBytes(engine: Engine, reference: string): AsyncGenerator<Uint8Array> {
  return sent(engine, { subject: reference, verb: 'save', absent: imageAbsent }, () =>
    engine.docker.getImage(reference).get(),
  )
}
