import type { Finding, Site } from '../model/finding.ts'
import { describeSite, describeSuggestion } from './site-words.ts'

/** Lines around a place, as an excerpt has them. */
const [before, after] = [1, 2]

/**
 * The finding as a screen shows it: of a place of which the same is to be said as of one before it, only the line, and that it is the
 * same; and no blank lines at the end. `version` is the interpreter's that stops there.
 */
export function toldOnce(finding: Finding, version: string): Finding {
  const told = new Set<string>()
  const sites = finding.sites.map(site => {
    const said = [
      describeSite(site, version),
      site.suggestion === null ? '' : describeSuggestion(site.suggestion),
    ].join()
    const isRepeat = told.has(said) && site.feature !== null
    told.add(said)
    return isRepeat ? { ...site, feature: null, suggestion: null, message: 'the same' } : site
  })
  const shown = finding.excerpt.filter(({ number }) =>
    sites.some((site, i) => isAround(site, number, site === finding.sites[i])),
  )
  const last = Math.max(0, ...sites.map(({ start }) => start?.line ?? 0))
  const end = shown.findLastIndex(({ number, text }) => number <= last || text.trim() !== '')
  return { ...finding, sites, excerpt: shown.slice(0, end + 1) }
}

function isAround({ start, end }: Site, number: number, isWhole: boolean): boolean {
  if (start === null) return false
  if (!isWhole) return number === start.line
  return number >= start.line - before && number <= Math.max(start.line, end?.line ?? 0) + after
}
