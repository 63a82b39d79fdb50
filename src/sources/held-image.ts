import type Docker from 'dockerode'
import type { HeldImage } from '../model/held-image.ts'
import { quoted } from '../model/quoted.ts'
import { type ContainerImage, containerImage, removeContainer, removeLeftovers } from './container.ts'
import { lookUpIn } from './container-files.ts'
import { startInContainer } from './container-program.ts'
import { engineFailure } from './failure.ts'

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
    look: work => withContainer(docker, image, signal, id => work(lookUpIn(docker.getContainer(id), signal))),
    program: path => args => startInContainer(docker, image, [path, ...args]),
  }
}

/** A container that is never started, gone when `work` is done. */
async function withContainer<T>(
  docker: Docker,
  image: ContainerImage,
  signal: AbortSignal,
  work: (id: string) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted()
  const container = await docker.createContainer(image.options(['/none']))
  try {
    return await work(container.id)
  } finally {
    await removeContainer(container)
  }
}

function fail(problem: string, reference: string, cause?: unknown) {
  return engineFailure(`the container engine does not run ${quoted(reference)}: ${problem}`, { cause })
}
