import { posix } from 'node:path'
import type { IgnoreRule } from '../model/build.ts'
import { VerifierError } from '../model/errors.ts'
import type { Path } from '../model/path.ts'
import { linesOf, type ProjectFile } from './project-file.ts'

/** The rule that keeps a path of the context out of a build; null when none does. */
export type DockerIgnore = (path: Path) => IgnoreRule | null

/** Who reads the file. The older one does not look into a directory that is left out unless a `!` begins like its name. */
export type Builder = 'legacy' | 'buildkit'

interface Pattern extends IgnoreRule {
  /** Cleaned, without `!`. */
  readonly pattern: string
  readonly negated: boolean
  readonly matches: (path: string) => boolean
}

/**
 * Reads a `.dockerignore` as moby/patternmatcher does. (The library at hand, `@balena/dockerignore`, takes another side where
 * a `!` matches a directory only, and where a name holds `^`.)
 *
 * @throws VerifierError when the build would reject a pattern, naming file and line.
 */
export function dockerIgnore(file: ProjectFile, builder: Builder): DockerIgnore {
  const patterns = linesOf(file).flatMap(({ text }, index) => {
    const written = index === 0 ? text.replace(/^\ufeff/, '') : text
    return patternOf(written, { file: file.path, line: index + 1 }) ?? []
  })
  return path => explain(path, patterns, builder)
}

/** Down from the top: what a pattern says of a directory holds for all that is in it. */
function explain(path: Path, patterns: readonly Pattern[], builder: Builder): IgnoreRule | null {
  const names = path.split('/')
  const taken = patterns.map(() => false)
  let rule: Pattern | null = null
  for (let depth = 1; depth <= names.length; depth++) {
    const at = names.slice(0, depth).join('/')
    rule = null
    for (const [index, pattern] of patterns.entries()) {
      // A pattern that would change nothing is not asked, so that it does not hold for what is below either.
      if (!taken[index]) taken[index] = pattern.negated === (rule !== null) && pattern.matches(at)
      if (taken[index]) rule = pattern.negated ? null : pattern
    }
    const isSkipped = builder === 'legacy' && depth < names.length && !patterns.some(each => mayLeadBelow(each, at))
    if (rule !== null && isSkipped) break
  }
  return rule === null ? null : { file: rule.file, line: rule.line, text: rule.text }
}

function mayLeadBelow({ negated, pattern }: Pattern, directory: string): boolean {
  return negated && `${pattern}/`.startsWith(`${directory}/`)
}

function patternOf(text: string, place: { readonly file: string; readonly line: number }): Pattern | null {
  const trimmed = text.trim()
  if (text.startsWith('#') || trimmed === '') return null
  const negated = trimmed.startsWith('!')
  const written = negated ? trimmed.slice(1).trim() : trimmed
  const pattern = cleaned(written)
  const matches = written === '' ? null : matcherOf(pattern)
  if (matches === null) {
    throw new VerifierError('file-unreadable', `${place.file}:${place.line}: no build takes the pattern ${trimmed}`)
  }
  return { ...place, text: trimmed, negated, pattern, matches }
}

/** As Go's filepath.Clean, and without the `/` in front. Node's leaves one at the end. */
function cleaned(pattern: string): string {
  return posix.normalize(pattern).replace(/^\/|\/$/g, '') || '.'
}

/** Null for a pattern that is none. */
function matcherOf(pattern: string): Pattern['matches'] | null {
  if (/(?<![\\[])\[\^?\]/.test(pattern)) return null
  const plain = /^(\*\*)?([^*?[\]\\]*)(\*\*)?$/.exec(pattern)
  const [, leads, text = '', trails] = plain ?? []
  if (plain !== null && !(leads && trails)) return plainMatcher(text, { leads: !!leads, trails: !!trails })
  try {
    const expression = new RegExp(`^${expressionOf(pattern)}$`)
    return path => expression.test(path)
  } catch {
    return null // a class that is not closed, or a range the wrong way round
  }
}

/** What a path is, begins with or ends with. A name after a leading `**` may also be the whole path. */
function plainMatcher(text: string, { leads, trails }: { leads: boolean; trails: boolean }): Pattern['matches'] {
  if (trails) return path => path.startsWith(text)
  if (!leads) return path => path === text
  return path => path.endsWith(text) || (text.startsWith('/') && path === text.slice(1))
}

const anyCharacter = String.raw`(?:[\ud800-\udbff][\udc00-\udfff]|[^/])`

/** The very translation of moby, with what follows of it for a `*` between brackets. */
function expressionOf(pattern: string): string {
  let expression = ''
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at]!
    if (character === '*' && pattern[at + 1] === '*') {
      at += pattern[at + 2] === '/' ? 2 : 1
      expression += at === pattern.length - 1 ? '.*' : '(.*/)?'
    } else if (character === '*') expression += '[^/]*'
    else if (character === '?') expression += anyCharacter
    else if (character === '\\') expression += `\\${pattern[++at] ?? '\\'}`
    else expression += '.+()|{}$'.includes(character) ? `\\${character}` : character
  }
  return expression
}
