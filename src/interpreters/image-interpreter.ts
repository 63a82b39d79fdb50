import type { HeldImage } from '../model/held-image.ts'
import type { ImageInterpreter } from '../model/interpreter.ts'
import { parseAnswer } from './answer.ts'
import { askPython } from './ask-python.ts'
import { startImageWorker } from './image-worker.ts'
import { assertCanBeAsked, buildOf } from './python-identity.ts'

/** Milliseconds, for a container that has to be made first. */
const defaultTimeLimit = 20_000

export interface ImageAsking {
  /** Name of the image's stage. */
  readonly stage: string
  readonly reachedBy: ImageInterpreter['reachedBy']
  readonly signal: AbortSignal
  readonly timeLimit?: number
}

/**
 * The Python at `path` of an image: it has been asked what it is, and has answered for one source. Its build names the image
 * and the path, so that what it says is remembered for no other.
 *
 * @throws Error, with why in its message, when it cannot be asked, or `signal` aborts.
 */
export async function imageInterpreter(
  image: HeldImage,
  path: string,
  { stage, reachedBy, signal, timeLimit = defaultTimeLimit }: ImageAsking,
): Promise<ImageInterpreter> {
  const start = image.program(path)
  const identity = await askPython(start, { timeLimit, signal })
  assertCanBeAsked(identity)
  const { version } = identity
  const worker = await startImageWorker(start, version)
  const giveUp = () => void worker.end()
  signal.addEventListener('abort', giveUp)
  try {
    signal.throwIfAborted()
    if (parseAnswer(await worker.ask([new Uint8Array()], timeLimit)) === null) {
      throw new Error('it does not answer as a Python does')
    }
  } finally {
    signal.removeEventListener('abort', giveUp)
    await worker.end()
    signal.throwIfAborted()
  }
  const build = `${path} in ${image.id}: ${buildOf(identity)}`
  return { id: `image-${version}`, version, provider: 'image', build, executable: path, stage, reachedBy, start }
}
