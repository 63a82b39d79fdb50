/** Tells whether a whole name matches a pattern. */
export type Glob = (name: string) => boolean

/** What one code point, or for `star` any number of them, must be. */
type Token = 'star' | 'any' | { readonly negated: boolean; readonly ranges: readonly Range[] }

/** First and last code point. */
type Range = readonly [number, number]

/**
 * Python's `fnmatch.fnmatchcase`: `*`, `?`, `[seq]` and `[!seq]` over code points, with no escapes; `^` is a character like
 * any other, and so is a `[` that nothing closes.
 *
 * @see https://github.com/python/cpython/blob/v3.14.0/Lib/fnmatch.py
 */
export function parseGlob(pattern: string): Glob {
  if (!/[*?[]/.test(pattern)) return name => name === pattern
  const tokens = parseTokens(Array.from(pattern))
  return name => matches(tokens, Array.from(name, codePoint))
}

/** In time proportional to both lengths at worst: after a mismatch, only the last star is let take one more. */
function matches(tokens: readonly Token[], name: readonly number[]): boolean {
  let token = 0
  let at = 0
  let star = -1
  let starEnd = 0
  while (at < name.length) {
    if (tokens[token] === 'star') {
      star = token
      starEnd = at
      token += 1
    } else if (takes(tokens[token], name[at]!)) {
      token += 1
      at += 1
    } else if (star >= 0) {
      starEnd += 1
      at = starEnd
      token = star + 1
    } else return false
  }
  return tokens.slice(token).every(rest => rest === 'star')
}

function takes(token: Token | undefined, character: number): boolean {
  if (token === undefined || token === 'star') return false
  if (token === 'any') return true
  return token.ranges.some(([first, last]) => first <= character && character <= last) !== token.negated
}

function parseTokens(pattern: readonly string[]): Token[] {
  const tokens: Token[] = []
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at]!
    const end = character === '[' ? classEnd(pattern, at + 1) : -1
    if (end >= 0) {
      tokens.push(parseClass(pattern.slice(at + 1, end)))
      at = end
    } else if (character === '*') tokens.push('star')
    else if (character === '?') tokens.push('any')
    else tokens.push({ negated: false, ranges: [[codePoint(character), codePoint(character)]] })
  }
  return tokens
}

/** Where the `]` is that closes a class whose inside begins at `start`; one that comes first belongs to it. -1 if there is none. */
function classEnd(pattern: readonly string[], start: number): number {
  const first = pattern[start] === '!' ? start + 1 : start
  return pattern.indexOf(']', first + 1)
}

/** The inside of `[…]`. A range whose ends are the wrong way round holds nothing; a `!` behind such ones still negates. */
function parseClass(inside: readonly string[]): Token {
  const characters = inside.map(codePoint)
  let at = 0
  while (isRange(characters, at) && characters[at]! > characters[at + 2]!) at += 3
  const negated = characters[at] === exclamationMark
  if (negated) at += 1
  const ranges: Range[] = []
  while (at < characters.length) {
    const length = isRange(characters, at) ? 3 : 1
    ranges.push([characters[at]!, characters[at + length - 1]!])
    at += length
  }
  return { negated, ranges }
}

function isRange(characters: readonly number[], at: number): boolean {
  return characters[at + 1] === hyphen && at + 2 < characters.length
}

const exclamationMark = 0x21
const hyphen = 0x2d

function codePoint(character: string): number {
  return character.codePointAt(0)!
}
