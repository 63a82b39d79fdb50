import { applyMask, type Mask } from './mask.ts'
import { touchedBy } from './sections.ts'
import { applyEdits, type Edit } from './suggest/edit.ts'

/** A file of which every site is masked: an interpreter compiles what is left. */
export interface MaskedFile {
  readonly original: string
  /** As long as the original. */
  readonly masked: string
  /** Where those sections of `masked` begin that the interpreter compiles each by itself, behind the first. */
  readonly sections: () => Promise<readonly number[]>
}

/** What is taken back, and what is then written anew. Offsets are those of the original; edits in their order. */
export interface Change {
  readonly mask: Mask
  readonly edits: readonly Edit[]
}

/** Of the masked file with a change, those of the sections that the change is in, and the first. */
export function changedSections({ original, masked }: MaskedFile, change: Change, starts: readonly number[]): string {
  const ranges = [...change.mask.map(({ start, text }) => ({ start, end: start + text.length })), ...change.edits]
  const touched = touchedBy(ranges, starts)
  const left = starts.flatMap((start, index) => {
    const end = starts[index + 1] ?? original.length
    return index === 0 || touched.has(index) ? [] : { start, end, text: '' }
  })
  const edits = [...change.edits, ...left].sort((a, b) => a.start - b.start || a.end - b.end)
  return applyEdits(unmasked(masked, original, change.mask), edits)
}

function unmasked(masked: string, original: string, mask: Mask): string {
  return applyMask(
    masked,
    mask.map(({ start, text: { length } }) => ({ start, text: original.slice(start, start + length) })),
  )
}
