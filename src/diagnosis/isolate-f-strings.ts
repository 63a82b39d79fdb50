import type { Verdict } from '../model/verdict.ts'
import { constructAt } from './features.ts'
import { lineStarts, positionAt } from './lines.ts'
import { type Break, type FoundSite, type Look, type Step, sameVerdict } from './look.ts'
import { applyMask, type Mask, plainString } from './mask.ts'
import { isFString } from './python-nodes.ts'
import { siteOf } from './sites.ts'
import type { SyntaxNode } from './syntax-tree.ts'

interface Masked {
  readonly node: SyntaxNode
  readonly mask: Mask
}

interface Guilty extends Masked {
  /** The interpreter's words when no other f-string is there. */
  readonly verdict: Break
}

/**
 * The f-strings that the interpreter cannot read, wherever it says that they are: before 3.9 it gives no place for an
 * error in a field, and later it may give the place of the next token. An f-string is one of them when it alone, with
 * all others masked, changes the verdict. Null when there is none.
 */
export async function isolateFStrings(look: Look): Promise<Step | null> {
  const { text, parsed, current, ask } = look
  const strings = parsed.fStrings
    .filter(node => isFString(node, text))
    .map(node => ({ node, patch: plainString(text, node.startIndex, node.endIndex) }))
    .flatMap(({ node, patch }) => (patch === null ? [] : { node, mask: [patch] }))
  if (strings.length === 0) return null
  const withoutAny = await ask(masked(text, strings))
  if (withoutAny.kind === 'undecided' || sameVerdict(withoutAny, current)) return null
  const guilty = await guiltyAmong(strings, { look, strings, withoutAny })
  if (guilty.length === 0) return null
  const mask = guilty.flatMap(each => each.mask)
  const next = await ask(applyMask(text, mask))
  return { sites: sitesOf(guilty, look), mask, next, parsed, hides: false }
}

/** Halves those that change the verdict together until each stands alone. */
async function guiltyAmong(
  suspects: readonly Masked[],
  all: { readonly look: Look; readonly strings: readonly Masked[]; readonly withoutAny: Verdict },
): Promise<Guilty[]> {
  const suspected = new Set(suspects)
  const others = all.strings.filter(string => !suspected.has(string))
  const verdict = await all.look.ask(masked(all.look.text, others))
  if (verdict.kind !== 'breaks' || sameVerdict(verdict, all.withoutAny)) return []
  if (suspects.length === 1) return [{ ...suspects[0]!, verdict }]
  const half = suspects.length >> 1
  return [...(await guiltyAmong(suspects.slice(0, half), all)), ...(await guiltyAmong(suspects.slice(half), all))]
}

/** The place that the interpreter gives; the f-string where it gives none, or one that is another's. */
function sitesOf(guilty: readonly Guilty[], { original, text, version }: Look): FoundSite[] {
  const taken = new Set<string>()
  const starts = lineStarts(original)
  return guilty.map(({ node, mask, verdict }) => {
    const construct = constructAt([node], text, version)
    const site = siteOf(verdict, { original, text, feature: construct?.feature ?? null })
    const key = JSON.stringify(site.start)
    if (site.start !== null && !taken.has(key)) {
      taken.add(key)
      return { site, construct, mask }
    }
    const [start, end] = [node.startIndex, node.endIndex].map(offset => positionAt(original, starts, offset))
    return { site: { ...site, start: start!, end: end! }, construct, mask }
  })
}

function masked(text: string, strings: readonly Masked[]): string {
  return applyMask(
    text,
    strings.flatMap(({ mask }) => mask),
  )
}
