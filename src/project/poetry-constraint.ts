/**
 * What Poetry's notation means in that of PEP 440: `>=3.10,<4` of `^3.10`, `>=3.10,<3.11` of `~3.10`. Null where PEP 440
 * has no words for it, as for `^3.9 || ^3.11`, and where it is not understood.
 *
 * @see https://python-poetry.org/docs/dependency-specification/#version-constraints
 */
export function pep440OfPoetry(constraint: string): string | null {
  if (constraint.includes('|')) return null
  // A comma or a blank stands between two constraints; there may be blanks behind an operator.
  const parts = constraint
    .trim()
    .replace(/([\^~<>=!])\s+/g, '$1')
    .split(/\s*,\s*|\s+/)
  const translated = parts.map(translate)
  return translated.includes(null) ? null : translated.filter(part => part !== '').join(',')
}

function translate(part: string): string | null {
  if (part === '*') return ''
  const [, operator = '', version = ''] = /^(\^|~(?!=)|[<>=!~]*)(.*)$/.exec(part)!
  if (operator === '^') return range(version, ([major = 0, minor = 0, patch = 0]) => caretEnd(major, minor, patch))
  if (operator === '~') return range(version, ([major = 0, minor]) => [major, minor])
  if (operator === '' || operator === '=') return /^\d/.test(version) ? `==${version}` : null
  return part
}

/** From `version` to the next of the release that `fixed` keeps of it. */
function range(version: string, fixed: (release: readonly number[]) => readonly (number | undefined)[]): string | null {
  if (!/^\d+(?:\.\d+)*$/.test(version)) return null
  const kept = fixed(version.split('.').map(Number)).filter(number => number !== undefined)
  return `>=${version},<${[...kept.slice(0, -1), kept.at(-1)! + 1].join('.')}`
}

/** What a caret keeps: everything up to the first number that is not 0. */
function caretEnd(major: number, minor: number, patch: number): readonly number[] {
  if (major > 0) return [major]
  return minor > 0 ? [major, minor] : [major, minor, patch]
}
