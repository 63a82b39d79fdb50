import type { Step, WithoutSource } from '../model/trace.ts'
import type { Alignment } from './align.ts'

/** The images in which nothing of the source was found: nowhere, or not where it was said to be. */
export function imagesWithoutSource({ mappings, traces }: Alignment): readonly WithoutSource[] {
  const isSource = ({ stage, file }: Step) => stage.place !== 'image' && file !== null
  const ofSource = traces.filter(({ steps }) => steps.some(isSource))
  const holds = (name: string) =>
    ofSource.some(({ steps }) => steps.some(({ stage, file }) => stage.name === name && file !== null))
  return [...mappings]
    .filter(([stage, found]) => found.length === 0 || (ofSource.length > 0 && !holds(stage)))
    .map(([stage, found]) => ({ stage, isMapped: found.some(({ from }) => from === 'option') }))
}
