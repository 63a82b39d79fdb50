import { imageInterpreter } from '../interpreters/image-interpreter.ts'
import { VerifierError } from '../model/errors.ts'
import type { HeldImage } from '../model/held-image.ts'
import type { ImageInterpreter } from '../model/interpreter.ts'
import type { ImageSource, Source } from '../model/source.ts'
import type { Plan } from '../plan.ts'
import { reachedPython } from '../project/reached-python.ts'
import type { Io } from './io.ts'
import type { VerifyOptions } from './verify-options.ts'

type Found = Pick<Plan, 'inImages' | 'remarks'>
type RunnableImage = ImageSource & Required<Pick<ImageSource, 'hold'>>

/**
 * The images' own Pythons, of the images that an engine holds, and what was done to find them. It stops nothing that there
 * is none: another interpreter stands in.
 */
export async function imagePythons(
  sources: readonly (Source | ImageSource)[],
  { runImage }: Pick<VerifyOptions, 'runImage'>,
  { signal }: Io,
): Promise<Found> {
  const images = sources.filter((source): source is RunnableImage => 'hold' in source)
  const found: Found[] = []
  for (const image of images) {
    const { name } = image.stage
    found.push(
      runImage === 'never'
        ? { inImages: [], remarks: [`the Python of ${name} itself was not run, as --run-image never says`] }
        : await imagePython(image, signal),
    )
  }
  const inImages = found.flatMap(each => each.inImages)
  return {
    inImages: images.length > 1 ? inImages.map(each => ({ ...each, id: `${each.id}@${each.stage}` })) : inImages,
    remarks: found.flatMap(({ remarks }) => remarks),
  }
}

async function imagePython(source: RunnableImage, signal: AbortSignal): Promise<Found> {
  const { name } = source.stage
  try {
    const held = await source.hold(signal)
    const reached = await held.look(lookUp => reachedPython(source.image, lookUp))
    if (reached === null)
      return nothingRun(`nothing of ${name} was run: neither what it starts nor its PATH leads to a Python`)
    return await askedPython(held, reached, { stage: name, signal })
  } catch (error) {
    if (!(error instanceof VerifierError)) throw error
    return nothingRun(`nothing of ${name} was run: ${error.message}`)
  }
}

async function askedPython(
  held: HeldImage,
  { path, by }: NonNullable<Awaited<ReturnType<typeof reachedPython>>>,
  asking: { readonly stage: string; readonly signal: AbortSignal },
): Promise<Found> {
  const [which, where] = [
    by === 'start' ? 'which it starts' : 'the first on its PATH, as it starts no Python',
    'in a container without network, privileges or anything to write to',
  ]
  const subject = `${path} of ${asking.stage}`
  try {
    const interpreter: ImageInterpreter = await imageInterpreter(held, path, { ...asking, reachedBy: by })
    return {
      inImages: [interpreter],
      remarks: [
        `ran ${subject}, ${which}, ${where}: it is CPython ${interpreter.version}; --run-image never does without`,
      ],
    }
  } catch (error) {
    asking.signal.throwIfAborted()
    const reason = (error as Error).message
    return nothingRun(`ran ${subject}, ${which}, ${where}, and cannot use it: ${reason}. Another CPython stands in`)
  }
}

function nothingRun(remark: string): Found {
  return { inImages: [], remarks: [remark] }
}
