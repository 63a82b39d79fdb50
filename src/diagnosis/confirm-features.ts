import type { Feature } from '../model/finding.ts'
import type { Verdict } from '../model/verdict.ts'
import { applyMask, type Mask } from './mask.ts'

/** Has an interpreter that by the table takes the feature compile a source. */
export type Witness = { readonly id: string; readonly ask: (text: string) => Promise<Verdict> }

interface Claim {
  readonly feature: Feature
  readonly mask: Mask
}

export interface Masked {
  readonly original: string
  /** The original with every site masked. */
  readonly masked: string
}

/**
 * The features of a file's sites, in their order, each with the versions that take it only where that is known from both
 * sides: the interpreter that the file is for stopped at it, and a witness compiles the file with it in its place.
 */
export async function confirmFeatures(
  claims: readonly Claim[],
  file: Masked,
  witnessFor: (feature: Feature) => Witness | null,
): Promise<readonly Feature[]> {
  const confirmed = new Set<Claim>()
  const groups = new Map<string, { readonly witness: Witness; readonly claims: Claim[] }>()
  for (const claim of claims) {
    const witness = witnessFor(claim.feature)
    if (witness === null) continue
    const known = groups.get(witness.id)
    if (known === undefined) groups.set(witness.id, { witness, claims: [claim] })
    else known.claims.push(claim)
  }
  for (const { witness, claims: some } of groups.values()) {
    // Most often all of them hold, and then one question tells so.
    const together = await takes(witness, some, file)
    for (const claim of some) if (together || (await takes(witness, [claim], file))) confirmed.add(claim)
  }
  return claims.map(claim => (confirmed.has(claim) ? claim.feature : { ...claim.feature, since: null, until: null }))
}

async function takes({ ask }: Witness, claims: readonly Claim[], { original, masked }: Masked): Promise<boolean> {
  return (
    (
      await ask(
        unmasked(
          masked,
          original,
          claims.flatMap(({ mask }) => mask),
        ),
      )
    ).kind === 'compiles'
  )
}

/** A masked text with these masks taken off again. */
export function unmasked(masked: string, original: string, mask: Mask): string {
  return applyMask(
    masked,
    mask.map(({ start, text: { length } }) => ({ start, text: original.slice(start, start + length) })),
  )
}
