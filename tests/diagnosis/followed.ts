import { lineStarts, offsetAt } from '../../src/diagnosis/lines.ts'
import type { Site } from '../../src/model/finding.ts'

/** The source with every suggestion followed, and what each advises. */
export function followed(source: string, sites: readonly Site[]): { readonly text: string; readonly advice: string[] } {
  const starts = lineStarts(source)
  const edits = sites.flatMap(({ suggestion }) => suggestion?.edits ?? [])
  const placed = edits.map(({ start, end, replacement }, order) => {
    return { from: offsetAt(source, starts, start), to: offsetAt(source, starts, end), replacement, order }
  })
  let text = source
  for (const { from, to, replacement } of placed.toSorted(
    (a, b) => b.from - a.from || b.to - a.to || b.order - a.order,
  ))
    text = text.slice(0, from) + replacement + text.slice(to)
  return { text, advice: sites.map(({ suggestion }) => suggestion?.advice ?? '-') }
}
