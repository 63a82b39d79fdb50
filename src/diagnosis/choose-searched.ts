import type { Sha256 } from '../model/digest.ts'
import { grouped } from '../model/grouped.ts'
import type { Draft } from './drafts/draft.ts'

type Breaking = Draft & { readonly breaks: NonNullable<Draft['breaks']> }

/**
 * The contents that are searched for every place at which they break: `most` at the most, taken from the causes by turns, so
 * that none is left without an example; of each cause the first files come first.
 */
export function chooseSearched(drafts: readonly Draft[], most: number): ReadonlySet<Sha256> {
  const causes = new Map<string, Breaking[]>()
  for (const draft of drafts.filter((each): each is Breaking => each.breaks !== null)) {
    const key = `${draft.severity} ${draft.code}`
    const some = causes.get(key)
    if (some === undefined) causes.set(key, [draft])
    else some.push(draft)
  }
  const chosen = new Set<Sha256>()
  const longest = Math.max(0, ...[...causes.values()].map(({ length }) => length))
  for (let turn = 0; turn < longest; turn++) {
    for (const some of causes.values()) {
      const { breaks } = some[turn] ?? {}
      if (chosen.size === most) return chosen
      if (breaks !== undefined) chosen.add(breaks.step.file.sha256)
    }
  }
  return chosen
}

/** Says how many files were not searched; nothing where all were. */
export function searchRemarks(findings: readonly { readonly evidence: { readonly unsearched?: true } }[]): string[] {
  const unsearched = findings.filter(({ evidence }) => evidence.unsearched === true).length
  if (unsearched === 0) return []
  const files = unsearched === 1 ? '1 broken file' : `${grouped(unsearched)} broken files`
  return [`of ${files} only the first place is told (--verbose looks for all of them)`]
}
