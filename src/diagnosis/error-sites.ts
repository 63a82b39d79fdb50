import type { Site, SiteList } from '../model/finding.ts'
import type { Verdict } from '../model/verdict.ts'
import { decodeSource } from './decode.ts'
import { isolateFStrings } from './isolate-f-strings.ts'
import { type Break, type Look, parseText, type Step, sameVerdict } from './look.ts'
import { applyMask } from './mask.ts'
import { maskBlocks, maskConstruct, maskNearFString, maskStatement } from './mask-steps.ts'
import { orderSites, siteOf } from './sites.ts'
import type { Syntax } from './syntax.ts'

/** What the search for sites needs. */
export interface SiteMeans {
  /** Has the one interpreter compile a source. */
  readonly ask: (source: Uint8Array) => Promise<Verdict>
  readonly syntax: Syntax
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
  const ask = limited(text => means.ask(decoded.encode(text)))
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
  return followSteps({ ...look, parsed: parse(decoded.text) })
}

async function followSteps(first: Look): Promise<SiteList> {
  const sites: Site[] = []
  let complete = true
  let onlyFStrings = true
  for (let look = first; ; ) {
    const step = await nextStep(look)
    sites.push(...step.sites)
    complete &&= !step.hides
    onlyFStrings &&= step.isFString
    const { next } = step
    if (next.kind === 'compiles') return { sites: orderSites(sites), complete }
    const mayBeOurs = next.kind === 'breaks' && !onlyFStrings && restsOnMaskedNames(next)
    if (next.kind === 'undecided' || mayBeOurs || sites.length >= mostSites) {
      return { sites: orderSites(sites), complete: false }
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
  return (
    (await maskNearFString(look)) ??
    (await maskConstruct(look)) ??
    (await isolateFStrings(look)) ??
    (await maskStatement(look))
  )
}

/** The place itself is certain; only what lies behind it cannot be reached. */
function giveUp({ original, text, current, parsed }: Look): Step {
  const sites = [siteOf(current, { original, text, feature: null })]
  const next = { kind: 'undecided', reason: 'nothing that can be masked lets the interpreter go on' } as const
  return { sites, mask: [], next, parsed, hides: true, isFString: false }
}

/** A masked statement binds no names, so such an error need not be the file's own. */
function restsOnMaskedNames({ message }: Break): boolean {
  return message.startsWith('no binding for nonlocal')
}

function onlyOne({ at, end, message }: Break): SiteList {
  return { sites: [{ start: at, end, message, feature: null }], complete: false }
}

function limited(ask: (text: string) => Promise<Verdict>): (text: string) => Promise<Verdict> {
  let questions = 0
  return async text => {
    questions += 1
    return questions > mostQuestions ? { kind: 'undecided', reason: 'too many questions' } : ask(text)
  }
}
