import type { Change } from './change.ts'
import { counted } from './text.ts'

/** Directives of `git log --format` whose answer has a form that can be checked; each takes a bounded number of characters. */
const forms: Readonly<Record<string, string>> = {
  H: '(?:[0-9a-f]{40}|[0-9a-f]{64})',
  T: '(?:[0-9a-f]{40}|[0-9a-f]{64})',
  h: '[0-9a-f]{4,64}',
  t: '[0-9a-f]{4,64}',
  ct: '[0-9]{1,20}',
  at: '[0-9]{1,20}',
  cI: '[-+:0-9TZ]{20,25}',
  aI: '[-+:0-9TZ]{20,25}',
  ci: '[-+: 0-9]{25}',
  ai: '[-+: 0-9]{25}',
  cs: '[-0-9]{10}',
  as: '[-0-9]{10}',
}

/** `$Format:…$`, which `git archive` fills in where the attribute `export-subst` is set. It never does so backwards. */
export const exportSubst: Change = {
  kind: 'export-subst',
  explain(before, after) {
    if (!before.includes('$Format:')) return null
    const [literals, formats] = split(before.toString('latin1'))
    if (formats.length === 0) return null
    const filled = fillings(literals, after.toString('latin1'))
    if (filled === null || !filled.every((text, i) => mayBe(text, formats[i]!))) return null
    return `$Format:…$ was filled in at ${counted(formats.length, 'place')}`
  },
}

/** What stands around the placeholders, one more than these, and their formats. */
function split(text: string): [readonly string[], readonly string[]] {
  const parts = text.split(/\$Format:([^$]*)\$/)
  return [parts.filter((_, i) => i % 2 === 0), parts.filter((_, i) => i % 2 === 1)]
}

/** What stands between the literals, in their order; null where they are not all there. */
function fillings(literals: readonly string[], text: string): string[] | null {
  const [first = '', ...rest] = literals
  if (!text.startsWith(first)) return null
  const filled: string[] = []
  let at = first.length
  for (const [i, literal] of rest.entries()) {
    const isLast = i === rest.length - 1
    const found = isLast ? text.length - literal.length : text.indexOf(literal, at)
    if (found < at || (isLast && !text.endsWith(literal))) return null
    filled.push(text.slice(at, found))
    at = found + literal.length
  }
  return filled
}

/** Whether git may have put this text in for a format. What holds a name or a message may be any line. */
function mayBe(text: string, format: string): boolean {
  const tokens = format.match(/%(?:[ac][A-Za-z]|[A-Za-z])|[^%]+|%/g) ?? []
  const pattern = tokens.map(token => (token.startsWith('%') ? forms[token.slice(1)] : quote(token)))
  if (!pattern.includes(undefined)) return text.length <= 4096 && new RegExp(`^${pattern.join('')}$`).test(text)
  return !text.includes('$Format:') && (/%[Bb]/.test(format) || !text.includes('\n'))
}

function quote(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}
