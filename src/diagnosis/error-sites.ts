import type { Feature, Site, SiteList } from '../model/finding.ts'
import { compareVersions, minorVersion } from '../model/interpreter.ts'
import type { Verdict } from '../model/verdict.ts'
import { askShorter } from './ask-shorter.ts'
import { confirmInWhole, type Witness } from './confirm-features.ts'
import { type DecodedSource, decodeSource } from './decode.ts'
import { type Explaining, explainSites } from './explain-sites.ts'
import { isolateFStrings } from './isolate-f-strings.ts'
import { type Break, type FoundSite, type Look, parseText, type Step, sameVerdict } from './look.ts'
import { applyMask } from './mask.ts'
import { maskBlocks, maskConstruct, maskNearFString, maskStatement } from './mask-steps.ts'
import { restsOnMasks } from './rests-on-masks.ts'
import { separableSections } from './sections.ts'
import { orderSites, siteOf } from './sites.ts'
import type { Syntax } from './syntax.ts'

/** What the search for sites needs. */
export interface SiteMeans {
  /** Has the one interpreter compile a source. */
  readonly ask: (source: Uint8Array) => Promise<Verdict>
  readonly syntax: Syntax
  /** Those who by the table of features take this one, in the order in which they are asked; none when none can be asked. */
  readonly witnessesFor: (feature: Feature) => readonly Witness<Uint8Array>[]
  /** Whether an interpreter that takes these features finds the same syntax tree in both sources; null when none can tell. */
  readonly sameTree: (
    sources: readonly [Uint8Array, Uint8Array],
    features: readonly Feature[],
  ) => Promise<boolean | null>
  /** The interpreter's version: no feature that it knows is named. */
  readonly version: string
}

/** A file with more sites is broken as a whole: nobody reads on. */
const mostSites = 200

/** Bytes. The tree of a larger one would take more memory than is seemly; such a source is data that a program wrote. */
const largestSource = 2 * 1024 ** 2

/** Most files need one question a site. */
const mostQuestions = 1000

/**
 * Every place at which one interpreter stops, found with that interpreter as judge: what it stumbles over is masked by
 * something harmless of the same size, and it is asked again, until it compiles the rest. One site a place; in a
 * statement of no known construct, one site a statement. `verdict` is the interpreter's on `source`.
 */
export async function errorSites(source: Uint8Array, verdict: Break, means: SiteMeans): Promise<SiteList> {
  const decoded = source.length > largestSource ? null : decodeSource(source)
  if (decoded === null) return onlyOne(verdict)
  const asking = (text: string) => means.ask(decoded.encode(text))
  const limited = limitedTo(mostQuestions)
  const ask = limited(askShorter(asking, decoded.text))
  const isExact = Buffer.compare(decoded.encode(decoded.text), source) === 0
  if (!isExact && !sameVerdict(verdict, await ask(decoded.text))) return onlyOne(verdict)
  const parse = (text: string) => parseText(means.syntax, text)
  const look = {
    original: decoded.text,
    text: decoded.text,
    masked: [],
    current: verdict,
    ask,
    parse,
    version: means.version,
  }
  const { found, masked, complete } = await followSteps({ ...look, parsed: parse(decoded.text) })
  const asked = witnesses(means, decoded)
  const sites =
    masked === null
      ? await unexplained(found, decoded.text, asked)
      : await explainSites(found, {
          original: decoded.text,
          masked,
          sections: sectionsOf(masked, parse, asking),
          parse,
          ask: limited(asking),
          ...asked,
        })
  return { sites: orderSites(sites), complete }
}

/** The sections of a text that the interpreter compiles, which are looked for at the first call. */
function sectionsOf(
  text: string,
  parse: Look['parse'],
  ask: (text: string) => Promise<Verdict>,
): () => Promise<readonly number[]> {
  let known: Promise<readonly number[]> | undefined
  return () => (known ??= separableSections(parse(text), async part => (await ask(part)).kind === 'compiles'))
}

/** Those who can be asked besides, by text. */
function witnesses(
  { witnessesFor, sameTree }: SiteMeans,
  { encode }: DecodedSource,
): Pick<Explaining, 'witnessesFor' | 'sameTree'> {
  return {
    witnessesFor: feature =>
      witnessesFor(feature).map(witness => ({ ...witness, ask: text => witness.ask(encode(text)) })),
    sameTree: ([a, b], features) => sameTree([encode(a), encode(b)], features),
  }
}

/** Where the search was given up, there is no text without the sites in which one alone could be looked at. */
async function unexplained(
  found: readonly FoundSite[],
  original: string,
  { witnessesFor }: Pick<Explaining, 'witnessesFor'>,
): Promise<Site[]> {
  const sites = found.map(({ site }) => site)
  const features = await confirmInWhole(
    sites.map(({ feature }) => feature),
    original,
    witnessesFor,
  )
  return sites.map((site, index) => ({ ...site, feature: features[index] ?? null }))
}

interface Search {
  readonly found: readonly FoundSite[]
  /** The original without the sites; null when the interpreter does not compile what is left. */
  readonly masked: string | null
  readonly complete: boolean
}

async function followSteps(first: Look): Promise<Search> {
  const found: FoundSite[] = []
  let complete = true
  for (let look = first; ; ) {
    const step = await nextStep(look)
    const isDoubtful = restsOnMasks(look)
    if (!isDoubtful) found.push(...step.sites)
    complete &&= !step.hides && !isDoubtful
    const { next } = step
    if (next.kind === 'compiles') return { found, masked: applyMask(look.text, step.mask), complete }
    if (next.kind === 'undecided' || found.length >= mostSites) {
      return { found, masked: null, complete: false }
    }
    const [text, masked] = [applyMask(look.text, step.mask), [...look.masked, ...step.mask]]
    look = { ...look, text, masked, current: next, parsed: step.parsed }
  }
}

/** The places that the interpreter's answer names, and what masks them. */
async function nextStep(look: Look): Promise<Step> {
  const seen = await narrowStep(look)
  if (seen !== null) return seen
  // The tree may be of a text in which an error further up was not masked yet.
  const fresh = look.parsed.text === look.text ? look : { ...look, parsed: look.parse(look.text) }
  const narrow = fresh === look ? null : await narrowStep(fresh)
  return narrow ?? (await maskBlocks(fresh)) ?? giveUp(fresh)
}

async function narrowStep(look: Look): Promise<Step | null> {
  const near = (await maskNearFString(look)) ?? (await maskConstruct(look))
  if (near !== null) return near
  const [first, second] = mayBeInFString(look) ? [isolateFStrings, maskStatement] : [maskStatement, isolateFStrings]
  return (await first(look)) ?? (await second(look))
}

/** From 3.9 on, the words for what is wrong in a field say so. */
function mayBeInFString({ current: { at, message }, version }: Look): boolean {
  return at === null || message.startsWith('f-string') || compareVersions(minorVersion(version), '3.9') < 0
}

/** The place itself is certain; only what lies behind it cannot be reached. */
function giveUp({ original, text, current, parsed }: Look): Step {
  const site = siteOf(current, { original, text, feature: null })
  const next = { kind: 'undecided', reason: 'nothing that can be masked lets the interpreter go on' } as const
  return { sites: [{ site, construct: null, mask: [] }], mask: [], next, parsed, hides: true }
}

/** The place that the interpreter names by itself; there may be more. */
export function onlyOne({ at, end, message }: Break): SiteList {
  return { sites: [{ start: at, end, message, feature: null, suggestion: null }], complete: false }
}

/** For all that are limited together. */
function limitedTo(most: number) {
  let questions = 0
  return (ask: (text: string) => Promise<Verdict>) =>
    async (text: string): Promise<Verdict> => {
      questions += 1
      return questions > most ? { kind: 'undecided', reason: 'too many questions' } : ask(text)
    }
}
