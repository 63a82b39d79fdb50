import type { Feature } from '../model/finding.ts'
import type { Verdict } from '../model/verdict.ts'
import type { Mask } from './mask.ts'
import { changedSections, type MaskedFile } from './masked-file.ts'
import { standAlone } from './sections.ts'

/** An interpreter that by the table takes a feature. */
export interface Witness<Source = string> {
  readonly id: string
  /** Whether it is of the version that brought the feature, or of a later one; others are older than the one that took it away. */
  readonly hasBrought: boolean
  readonly ask: (source: Source) => Promise<Verdict>
}

interface Claim {
  readonly feature: Feature
  readonly mask: Mask
}

/**
 * The features of a file's sites, in their order, each with the versions that take it only where that is known from both
 * sides: the interpreter that the file is for stopped at it, and a witness compiles the file with it in its place. Where the first
 * does not, the next is asked, and speaks for its own end of the versions.
 */
export async function confirmFeatures(
  claims: readonly Claim[],
  file: MaskedFile,
  witnessesFor: (feature: Feature) => readonly Witness[],
): Promise<readonly Feature[]> {
  const confirmed = new Map<Claim, Feature>()
  let open = claims.map(claim => ({ claim, witnesses: witnessesFor(claim.feature) }))
  for (let round = 0; open.some(({ witnesses }) => witnesses.length > round); round++) {
    for (const { witness, claims: some } of byWitness(open, round)) {
      for (const claim of await claimsThatHold(some, file, witness))
        confirmed.set(claim, round === 0 ? claim.feature : endOf(claim.feature, witness))
    }
    open = open.filter(({ claim }) => !confirmed.has(claim))
  }
  return claims.map(claim => confirmed.get(claim) ?? { ...claim.feature, since: null, until: null })
}

/**
 * The same for the features of a file of which not every site was found: a witness must compile the whole file as it is. One question
 * for all that have the same first witness.
 */
export async function confirmInWhole(
  features: readonly (Feature | null)[],
  original: string,
  witnessesFor: (feature: Feature) => readonly Witness[],
): Promise<readonly (Feature | null)[]> {
  const answers = new Map<string, Promise<Verdict>>()
  const confirm = async (feature: Feature | null) => {
    if (feature === null) return null
    const [witness] = witnessesFor(feature)
    if (witness !== undefined && !answers.has(witness.id)) answers.set(witness.id, witness.ask(original))
    const answer = witness && (await answers.get(witness.id))
    return answer?.kind === 'compiles' ? feature : { ...feature, since: null, until: null }
  }
  return Promise.all(features.map(confirm))
}

/** Those who are asked together. */
function byWitness(
  open: readonly { readonly claim: Claim; readonly witnesses: readonly Witness[] }[],
  round: number,
): { readonly witness: Witness; readonly claims: readonly Claim[] }[] {
  const groups = new Map<string, { readonly witness: Witness; readonly claims: Claim[] }>()
  for (const { claim, witnesses } of open) {
    const witness = witnesses[round]
    if (witness === undefined) continue
    const known = groups.get(witness.id)
    if (known === undefined) groups.set(witness.id, { witness, claims: [claim] })
    else known.claims.push(claim)
  }
  return [...groups.values()]
}

function endOf(feature: Feature, witness: Witness): Feature {
  return witness.hasBrought ? { ...feature, until: null } : { ...feature, since: null }
}

async function claimsThatHold(claims: readonly Claim[], file: MaskedFile, { ask }: Witness): Promise<readonly Claim[]> {
  const compiles = async (text: string) => (await ask(text)).kind === 'compiles'
  // Most often all of them hold, and then one question tells so.
  const all = { mask: claims.flatMap(({ mask }) => mask), edits: [] }
  if (await compiles(changedSections(file, all, [0]))) return claims
  if (claims.length === 1) return []
  const sections = await file.sections()
  const starts = (await standAlone(file.masked, sections, compiles)) ? sections : [0]
  if (starts !== sections && !(await compiles(file.masked))) return []
  const holding: Claim[] = []
  for (const claim of claims)
    if (await compiles(changedSections(file, { ...claim, edits: [] }, starts))) holding.push(claim)
  return holding
}
