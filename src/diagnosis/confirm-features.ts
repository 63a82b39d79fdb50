import type { Feature } from '../model/finding.ts'
import type { Verdict } from '../model/verdict.ts'
import type { Mask } from './mask.ts'
import { changedSections, type MaskedFile } from './masked-file.ts'
import { standAlone } from './sections.ts'

/** Has an interpreter that by the table takes the feature compile a source. */
export type Witness = { readonly id: string; readonly ask: (text: string) => Promise<Verdict> }

interface Claim {
  readonly feature: Feature
  readonly mask: Mask
}

/**
 * The features of a file's sites, in their order, each with the versions that take it only where that is known from both
 * sides: the interpreter that the file is for stopped at it, and a witness compiles the file with it in its place.
 */
export async function confirmFeatures(
  claims: readonly Claim[],
  file: MaskedFile,
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
  for (const { witness, claims: some } of groups.values())
    for (const claim of await claimsThatHold(some, file, witness)) confirmed.add(claim)
  return claims.map(claim => (confirmed.has(claim) ? claim.feature : { ...claim.feature, since: null, until: null }))
}

async function claimsThatHold(claims: readonly Claim[], file: MaskedFile, { ask }: Witness): Promise<readonly Claim[]> {
  const compiles = async (text: string) => (await ask(text)).kind === 'compiles'
  // Most often all of them hold, and then one question tells so.
  const all = { mask: claims.flatMap(({ mask }) => mask), edits: [] }
  if (await compiles(changedSections(file, all, [0]))) return claims
  if (claims.length === 1) return []
  const sections = await file.sections()
  const starts = (await standAlone(file.masked, sections, compiles)) ? sections : [0]
  const holding: Claim[] = []
  for (const claim of claims)
    if (await compiles(changedSections(file, { ...claim, edits: [] }, starts))) holding.push(claim)
  return holding
}
