import type { CastInterpreter } from '../../model/interpreter.ts'
import type { HeldStep, Step, Trace } from '../../model/trace.ts'
import type { Verdict } from '../../model/verdict.ts'
import { deployInterpreters, type Judged } from './judged.ts'

/** From the commit to one image, or as far as was looked. */
export type Way = readonly Step[]

/** Several images are several ends of the same way. */
export function waysOf({ steps }: Trace): Way[] {
  const images = steps.filter(({ stage }) => stage.place === 'image')
  const before = steps.filter(({ stage }) => stage.place !== 'image')
  return images.length === 0 ? [before] : images.map(image => [...before, image])
}

/** Those that may run what is at the end of a way. */
export function runnersOf(way: Way, { interpreters }: Judged): readonly CastInterpreter[] {
  return deployInterpreters(interpreters, way.at(-1)!.stage.name)
}

/** Null where a step holds nothing that can be judged, or what only stands for another content. */
export function verdictsOf(
  { verdictOf, comparison }: Judged,
  interpreter: CastInterpreter,
): (step: Step) => Verdict | null {
  return ({ file }) => (file?.kind === 'file' && !comparison.standIns.has(file) ? verdictOf(file, interpreter) : null)
}

/**
 * Where the bytes come from that the interpreter rejects at the end of the way: the first step that holds them, or, where
 * rejected bytes were replaced by other rejected bytes, the first of that unbroken row. Null when the file is accepted in
 * the end: a file that was broken on the way and is whole at its end is a change that mends.
 */
export function originOfBreak(way: Way, verdictAt: (step: Step) => Verdict | null): HeldStep | null {
  const judged = way.filter((step): step is HeldStep => verdictAt(step) !== null)
  const start = judged[judged.findLastIndex(step => verdictAt(step)?.kind !== 'breaks') + 1]
  return judged.find(step => step.file.sha256 === start?.file.sha256) ?? null
}

/** True when an image holds it, false when the last stage looked at does not; null when only the image would tell. */
export function isShipped({ steps }: Pick<Trace, 'steps'>): boolean | null {
  const images = steps.filter(({ stage }) => stage.place === 'image')
  if (images.length > 0) return images.some(({ file }) => file !== null)
  const upload = steps.find(({ stage }) => stage.place === 'upload')
  return upload?.file === null ? false : null
}
