import type { PythonFile } from '../../model/manifest.ts'
import type { HeldStep, Trace } from '../../model/trace.ts'

/** A file at two steps of its way, with other bytes or as another kind of file. */
export interface Pair {
  readonly trace: Trace
  readonly before: PythonFile
  readonly after: PythonFile
  /** Whether git may have made the one of the other: the earlier one is committed, the later one is in no image. */
  readonly fromCommit: boolean
}

/** Whether two steps hold the same: a link's text as a file is not the link. */
export function holdsSame(a: PythonFile | null, b: PythonFile | null): boolean {
  return a?.sha256 === b?.sha256 && a?.kind === b?.kind
}

/** Each step with the one before it that holds the file and with the commit, images with what they were built of; where they differ. */
export function pairsOf(trace: Trace): Pair[] {
  const held = trace.steps.filter((step): step is HeldStep => step.file !== null)
  const source = held.filter(({ stage }) => stage.place !== 'image')
  const commit = source.find(({ stage }) => stage.place === 'commit')
  return held.flatMap(step => {
    const at = source.indexOf(step)
    const earlier = at === -1 ? [source.at(-1)] : at === 0 ? [] : [source[at - 1], commit]
    return [...new Set(earlier)]
      .filter(before => before !== undefined && !holdsSame(before.file, step.file))
      .map(before => ({
        trace,
        before: before!.file,
        after: step.file,
        fromCommit: before === commit && step.stage.place !== 'image',
      }))
  })
}

/** Whether the steps before the image disagree on whether there is such a file. */
export function isUneven({ steps }: Trace): boolean {
  const source = steps.filter(({ stage }) => stage.place !== 'image')
  return source.some(({ file }) => file === null) && source.some(({ file }) => file !== null)
}
