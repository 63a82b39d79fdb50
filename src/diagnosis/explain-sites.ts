import type { Feature, Site } from '../model/finding.ts'
import type { Verdict } from '../model/verdict.ts'
import { confirmFeatures, type Witness } from './confirm-features.ts'
import type { FoundSite, Parsed } from './look.ts'
import type { MaskedFile } from './masked-file.ts'
import { type SuggestionMeans, suggestions } from './suggest/suggestions.ts'

/** A file whose sites were all found, and whom to ask about it. */
export interface Explaining extends MaskedFile {
  readonly parse: (text: string) => Parsed
  readonly ask: (text: string) => Promise<Verdict>
  readonly witnessesFor: (feature: Feature) => readonly Witness[]
  readonly sameTree: SuggestionMeans['sameTree']
}

/** The sites, with the versions of each feature confirmed, and with how it can be written for the interpreter. */
export async function explainSites(found: readonly FoundSite[], file: Explaining): Promise<Site[]> {
  const constructs = found.flatMap(({ construct, mask }) => (construct === null ? [] : { construct, mask }))
  const claims = found.flatMap(({ site: { feature }, mask }) => (feature === null ? [] : { feature, mask }))
  const features = await confirmFeatures(claims, file, file.witnessesFor)
  const { root } = file.parse(file.original)
  const ways = constructs.length === 0 ? [] : await suggestions(constructs, { ...file, root })
  const featureAt = new Map(claims.map(({ mask }, index) => [mask, features[index]!]))
  const wayAt = new Map(constructs.map(({ mask }, index) => [mask, ways[index]!]))
  return found.map(({ site, mask }) => ({
    ...site,
    feature: featureAt.get(mask) ?? null,
    suggestion: wayAt.get(mask) ?? null,
  }))
}
