import { grouped } from '../model/grouped.ts'
import type { PythonFile } from '../model/manifest.ts'
import type { Place } from '../model/stage.ts'
import type { Draft } from './drafts/draft.ts'
import type { Judged } from './drafts/judged.ts'

/** Says once how many files are not byte for byte as committed, but as git itself writes them, and that breaks nothing. */
export function checkoutRemarks({ traces, comparison }: Judged, drafts: readonly Draft[]): string[] {
  if (comparison.asCommitted.size === 0) return []
  const told = new Set(drafts.map(({ trace, evidence }) => `${trace.path}\0${evidence.after?.stage}`))
  const counts = new Map<string, number>()
  for (const { path, steps } of traces) {
    const step = steps.find(({ file }) => file !== null && isCheckout(file, comparison))
    if (step === undefined || told.has(`${path}\0${step.stage.name}`)) continue
    const key = `${where(step.stage.place)} as git checks them out (${comparison.asCommitted.get(step.file!)!.from})`
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return [...counts].map(
    ([key, number]) =>
      `${grouped(number)} ${number === 1 ? 'file stands' : 'files stand'} ${key}, not byte for byte as committed`,
  )
}

/** Whether git made these bytes of the committed ones. */
export function isCheckout(file: PythonFile, { asCommitted }: Judged['comparison']): boolean {
  return asCommitted.get(file)?.kind === 'checkout'
}

function where(place: Place): string {
  return place === 'upload' ? 'in the upload' : 'on disk'
}
