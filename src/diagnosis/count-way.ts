import type { StretchCount } from '../model/report.ts'
import { holdsSame } from './comparison/pairs.ts'
import type { Judged } from './drafts/judged.ts'

/**
 * How many files come through unchanged: from the first stage to the last one before the images, then from there to each
 * image. What git itself writes otherwise than it is committed counts as unchanged.
 */
export function countWay({ traces, comparison }: Judged): StretchCount[] {
  const stages = traces[0]?.steps.map(({ stage }) => stage) ?? []
  const last = stages.findLastIndex(({ place }) => place !== 'image')
  const stretches = stages.flatMap((_, to) => (to < last || to === 0 ? [] : [[to === last ? 0 : last, to] as const]))
  return stretches.map(([from, to]) => {
    const pairs = traces.flatMap(({ steps }) => {
      const [before, after] = [steps[from]!.file, steps[to]!.file]
      return before === null || after === null ? [] : [[before, after] as const]
    })
    const identical = pairs.filter(([before, after]) => holdsSame(before, after) || comparison.asCommitted.has(after))
    return { from: stages[from]!.name, to: stages[to]!.name, files: pairs.length, identical: identical.length }
  })
}
