import type { Place, StageKind } from '../model/stage.ts'
import type { Step, Trace } from '../model/trace.ts'
import { isCheckout } from './checkout-remarks.ts'
import type { Judged } from './drafts/judged.ts'

/** How many files stand both at this place and somewhere before it. */
export function countPairs(traces: readonly Trace[], place: Place): number {
  return traces.filter(({ steps }) => {
    const earlier = steps.some(({ stage, file }) => stage.place !== place && stage.place !== 'image' && file !== null)
    return earlier && steps.some(({ stage, file }) => stage.place === place && file !== null)
  }).length
}

/** How many files stand at this place in a form that git made of the committed one. */
export function checkedOut({ traces, comparison }: Pick<Judged, 'traces' | 'comparison'>, place: Place): number {
  const held = traces.flatMap(({ steps }) => stepOf(steps, place)?.file ?? [])
  return held.filter(file => isCheckout(file, comparison)).length
}

/** What holds the stage at this place; null where there is none. */
export function kindOf(traces: readonly Trace[], place: Place): StageKind | null {
  return stepOf(traces[0]?.steps ?? [], place)?.stage.kind ?? null
}

/** The step at this place; undefined where it was not looked at. */
export function stepOf(steps: readonly Step[], place: Place): Step | undefined {
  return steps.find(({ stage }) => stage.place === place)
}

/** What the files of an image are compared with, for a sentence. */
export function beforeImage({ traces }: Pick<Judged, 'traces'>): string {
  const names = { archive: 'the archive', 'predicted-upload': 'the working tree' } as const
  const kind = kindOf(traces, 'upload')
  if (kind === 'archive' || kind === 'predicted-upload') return names[kind]
  return kindOf(traces, 'worktree') === null ? 'the commit' : 'the working tree'
}
