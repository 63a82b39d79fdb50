import type Docker from 'dockerode'
import type { HeldImage } from '../../model/held-image.ts'
import { quoted } from '../../model/quoted.ts'
import { engineFailure } from '../failure.ts'
import { type ContainerImage, containerImage, idleContainer, removeLeftovers } from './container.ts'
import { lookUpIn } from './container-files.ts'
import { startInContainer } from './container-program.ts'

/** What is to be held: an image by its name, with the layers that were read under it. */
interface Wanted {
  readonly reference: string
  /** Their diff ids, lowest first. */
  readonly layers: readonly (string | null)[]
  readonly signal: AbortSignal
}

/**
 * The image that an engine holds under this name.
 *
 * @throws VerifierError when the engine does not answer, or the name leads to other layers by now.
 */
export async function holdImage(docker: Docker, { reference, layers, signal }: Wanted): Promise<HeldImage> {
  const inspected = await docker
    .getImage(reference)
    .inspect()
    .catch(cause => {
      throw fail(`it cannot be looked up: ${cause.message.trim()}`, reference, cause)
    })
  if (JSON.stringify(inspected.RootFS?.Layers ?? []) !== JSON.stringify(layers)) {
    throw fail('it is another image by now; run again', reference)
  }
  await removeLeftovers(docker)
  const image = containerImage(inspected)
  return {
    id: image.id,
    look: work => inContainer(docker, image, signal, container => work(lookUpIn(container, signal))),
    program: path => args => startInContainer(docker, image, [path, ...args]),
  }
}

async function inContainer<T>(
  docker: Docker,
  image: ContainerImage,
  signal: AbortSignal,
  work: (container: Docker.Container) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted()
  await using idle = await idleContainer(docker, image)
  return await work(idle.container)
}

function fail(problem: string, reference: string, cause?: unknown) {
  return engineFailure(`the container engine does not run ${quoted(reference)}: ${problem}`, { cause })
}
