import { sep } from 'node:path'
import { type Path, parentPath } from '../../model/path.ts'
import type { RulePlace } from '../../model/upload.ts'
import { type Glob, parseGlob } from './glob.ts'

/** One line of an ignore file, as gcloud understands it, which is not how git does. */
export interface IgnoreRule extends RulePlace {
  /** Whether it takes back what earlier rules drop. */
  readonly negated: boolean
  readonly directoriesOnly: boolean
  /** What stood between the `/`; a leading `/` makes the first one empty. */
  readonly parts: readonly Part[]
}

type Part = 'empty' | 'star' | 'double-star' | Glob

/** `#!include:NAME`, to be replaced by the rules of that file. */
export interface Include {
  readonly include: string
  readonly line: number
}

/** Windows names are compared without regard to case, as Python's `os.path.normcase` has it. */
const ignoresCase = sep === '\\'

/** Blanks are those of Python's `str.isspace`, which knows U+001F and does not count U+FEFF. */
const includeLine = /^#(?:(?!\ufeff)[\s\x1f])*!include:(.*)$/su

/**
 * The rules of an ignore file's text, in its order. Newlines are translated, and then lines are split, as Python does:
 * a form feed or U+2028 ends a line too. A BOM is part of the first line.
 */
export function parseIgnoreText(text: string, file: string): (IgnoreRule | Include)[] {
  return text
    .split(/\r\n|[\r\n]/)
    .flatMap((row, index) => row.split(/[\v\f\x1c-\x1e\x85\u2028\u2029]/).map(line => ({ line, number: index + 1 })))
    .flatMap(({ line, number }) => {
      const include = includeLine.exec(line)?.[1]
      return include === undefined ? (parseRule(line, file, number) ?? []) : { include, line: number }
    })
}

/** The rule that one line is; null for a comment, an empty line and one that ends in a lone backslash. */
export function parseRule(text: string, file: string, line: number | null): IgnoreRule | null {
  if (text.startsWith('#')) return null
  const negated = text.startsWith('!')
  const directoriesOnly = text.endsWith('/')
  // The slash goes before the blanks do, so `build/ ` is no rule for directories.
  const trimmed = withoutTrailingSpaces(text.slice(negated ? 1 : 0, directoriesOnly ? -1 : undefined))
  if (/(?<!\\)(?:\\\\)*\\$/.test(trimmed)) return null
  const pattern = trimmed.replace(/\\([^\\])/gs, '$1').replaceAll('\\\\', '\\')
  if (pattern === '') return null
  return { file, line, text, negated, directoriesOnly, parts: pattern.split('/').map(parsePart) }
}

function withoutTrailingSpaces(pattern: string): string {
  const tokens = pattern.match(/\\.|./gsu) ?? []
  return tokens.slice(0, tokens.findLastIndex(token => token !== ' ') + 1).join('')
}

function parsePart(part: string): Part {
  if (part === '') return 'empty'
  if (part === '*') return 'star'
  return part === '**' ? 'double-star' : parseGlob(ignoresCase ? part.toLowerCase() : part)
}

/** The rule that drops `path` or a directory above it, the topmost first; null when it is kept. Below what is dropped nothing is kept. */
export function droppingRule(rules: readonly IgnoreRule[], path: Path, isDirectory: boolean): IgnoreRule | null {
  const parent = parentPath(path)
  const above = parent === '' ? null : droppingRule(rules, parent, true)
  if (above !== null) return above
  const rule = lastMatch(rules, path, isDirectory)
  return rule === null || rule.negated ? null : rule
}

/** Of the rules that match `path` itself, the last, which decides; null when none does. A symbolic link to a directory is one. */
export function lastMatch(rules: readonly IgnoreRule[], path: Path, isDirectory: boolean): IgnoreRule | null {
  const components = (ignoresCase ? path.toLowerCase() : path).split('/')
  return rules.findLast(rule => (isDirectory || !rule.directoriesOnly) && matches(rule.parts, components)) ?? null
}

/**
 * Goes through the parts from the last to the first and keeps all numbers of leading components that can be left; -1 is
 * what is left when a part has taken the empty path. The original tries them one after another; the answer is the same.
 */
function matches(parts: readonly Part[], components: readonly string[]): boolean {
  let left = [components.length]
  // A double star leaves any number, but then the pattern has to take all of it.
  let mustTakeAll = false
  for (let index = parts.length - 1; index >= 0; index--) {
    const part = parts[index]!
    if (part === 'double-star') {
      const most = Math.max(...left)
      left = Array.from({ length: most + 1 }, (_, count) => count)
      // The part that takes the empty path stands at the front already.
      mustTakeAll = parts[0] !== 'empty' || index === 0
    } else {
      const mayBeDeep = part !== 'star' || index > 0 || mustTakeAll
      left = left
        .filter(count => takes(part, count === 0 ? '' : components[count - 1]!))
        .map(count => count - 1)
        .filter(count => mayBeDeep || hasShortName(components, count))
    }
    // Only the last part may take the empty path.
    if (index > 0 || mustTakeAll) left = left.filter(count => count >= 0)
    if (left.length === 0) return false
  }
  return !mustTakeAll || left.includes(0)
}

function takes(part: Exclude<Part, 'double-star'>, name: string): boolean {
  if (part === 'empty') return name === ''
  return part === 'star' || part(name)
}

/** A first `*` takes a name below nothing or, by what looks like a slip, below a path of one character. */
function hasShortName(components: readonly string[], count: number): boolean {
  return count <= 0 || (count === 1 && Array.from(components[0]!).length === 1)
}
