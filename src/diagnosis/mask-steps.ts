import type { Feature } from '../model/finding.ts'
import { compoundMasks, constructMask, statementMask } from './candidates.ts'
import { constructsNear } from './constructs-near.ts'
import { type Construct, constructAt, continueInFinally, mixedTabs } from './features.ts'
import {
  cutsString,
  hasLooseBrackets,
  indentationMasks,
  isClosed,
  lineMasks,
  lineOf,
  restMask,
  suiteAboveMask,
} from './line-masks.ts'
import { lineAt, lineStarts } from './lines.ts'
import { type Break, type Look, placeOf, type Step, samePlace } from './look.ts'
import { applyMask, cutsMask, isMasked, type Mask, maskEnd, plainString } from './mask.ts'
import { isParsed } from './parsed.ts'
import { isFString, nodesAt } from './python-nodes.ts'
import { siteOf } from './sites.ts'
import { statementAt } from './statement-at.ts'
import type { SyntaxNode } from './syntax-tree.ts'

/** A mask to try, and what the site would be if the interpreter goes on behind it. */
interface Attempt {
  readonly mask: Mask
  readonly feature: Feature | null
  /** The node that is the feature; null where only the interpreter's own words tell it. */
  readonly node: SyntaxNode | null
  readonly hides: boolean
  /** Whether the next break, which is at `place` of the masked text, can be believed to be the file's own. */
  readonly believes: (next: Break, place: number, masked: string) => boolean | Promise<boolean>
}

/** More than these are left to be found by halving. */
const mostNeighbours = 3

/** Masks the f-string at the place, or one beside it in the same statement or line: CPython may name the token behind it. */
export async function maskNearFString(look: Look): Promise<Step | null> {
  const place = placeOf(look.current, look.text)
  if (place === null) return null
  const { text, parsed, version } = look
  const gap = ({ startIndex, endIndex }: SyntaxNode) => Math.max(startIndex - place, place - endIndex + 1, 0)
  const near = neighbourhood(look, place)
  const strings = parsed.fStrings
    .filter(node => node.startIndex < near.end && node.endIndex > near.start && isFString(node, text))
    .toSorted((a, b) => gap(a) - gap(b))
    .slice(0, mostNeighbours)
  return firstThatHelps(
    look,
    strings.flatMap(node => {
      const patch = plainString(text, node.startIndex, node.endIndex)
      const feature = constructAt([node], text, version)?.feature ?? null
      const attempt = { feature, node, hides: false, believes: () => true }
      return patch === null ? [] : { ...attempt, mask: [patch] }
    }),
  )
}

/** Masks a construct that this version does not know. */
export async function maskConstruct(look: Look): Promise<Step | null> {
  const place = placeOf(look.current, look.text)
  if (place === null) return null
  const around = neighbourhood(look, place)
  const attempts = Array.from(constructsNear(look, place), ({ feature, node }) => {
    const mask = constructMask({ feature, node }, look.text)
    const isOther = (construct: Construct) => construct.node !== node
    const believes: Attempt['believes'] = (_next, behind) =>
      behind < around.start || behind >= around.end || Array.from(constructsNear(look, behind)).some(isOther)
    return mask === null ? [] : [{ mask, feature, node, hides: false, believes }]
  })
  return firstThatHelps(look, attempts.flat().slice(0, mostNeighbours))
}

/** Masks the statement, the header or the decorator at the place, where the parser can tell how far it goes. */
export async function maskStatement(look: Look): Promise<Step | null> {
  const place = placeOf(look.current, look.text)
  const statement = place === null ? null : statementAt(look, place)
  if (place === null || statement === null || statement.isGuess || opensRest(look.current)) return null
  const construct = constructOf(look, place)
  // What has a mask of its own was tried with it, and was not it.
  const named = construct === null || constructMask(construct, look.text) !== null ? null : construct
  const attempt = { ...attemptOf(look, statement.mask), hides: false }
  return firstThatHelps(look, [named === null ? attempt : { ...attempt, ...named }])
}

/** Masks whatever lets the interpreter go on: lines, statements that may end elsewhere, blocks, the one above, and at last the rest of the file. */
export async function maskBlocks(look: Look): Promise<Step | null> {
  const { text, parsed, current } = look
  const place = placeOf(current, text)
  if (place === null) return null
  const masks: Mask[] = []
  if (!opensRest(current)) {
    const [lines, statement] = [lineMasks(text, place), [statementAt(look, place)?.mask ?? []]]
    masks.push(...(hasLooseBrackets(lineOf(text, place)) ? [...statement, ...lines] : [...lines, ...statement]))
    masks.push(...compoundMasks(nodesAt(parsed.root, place), text))
  }
  if (isIndentation(current)) masks.push(...indentationMasks(text, place))
  const whole = masks.filter(mask => !cutsString(text, mask))
  const all = [...whole, suiteAboveMask(text, place), restMask(text, place)].filter(mask => mask.length > 0)
  return firstThatHelps(
    look,
    all.map(mask => attemptOf(look, mask)),
  )
}

function attemptOf(look: Look, mask: Mask): Attempt {
  return {
    mask,
    feature: featureToldBy(look.current),
    node: null,
    hides: spansLines(mask),
    believes: believesBehind(look, mask),
  }
}

/** What the interpreter's own words tell. */
function featureToldBy({ exception, message }: Break): Feature | null {
  if (exception === 'TabError') return mixedTabs
  return message === "'continue' not supported inside 'finally' clause" ? continueInFinally : null
}

/** The first mask behind which the interpreter goes on, to a place that is the file's own. */
async function firstThatHelps(look: Look, attempts: readonly Attempt[]): Promise<Step | null> {
  const { original, text, masked, parsed, current } = look
  for (const attempt of attempts) {
    const { mask, feature, node, hides } = attempt
    if (cutsMask(mask, masked)) continue
    const rest = applyMask(text, mask)
    const next = await look.ask(rest)
    if (next.kind === 'breaks') {
      const place = placeOf(next, rest)
      if (samePlace(next, current)) continue
      if (place !== null && (isMasked([...masked, ...mask], place) || !(await attempt.believes(next, place, rest))))
        continue
    }
    const construct = feature === null || node === null ? null : { feature, node }
    const site = siteOf(current, { original, text, feature })
    return { sites: [{ site, construct, mask }], mask, next, parsed, hides }
  }
  return null
}

/** Null for an f-string too: those are tried before. */
function constructOf({ parsed, text, version }: Look, place: number): Construct | null {
  const construct = constructAt(nodesAt(parsed.root, place), text, version)
  return construct === null || isFString(construct.node, text) ? null : construct
}

/** The statement or header that holds the place, or else its line. */
function neighbourhood({ parsed, text }: Look, place: number): { start: number; end: number } {
  const mask = statementMask(nodesAt(parsed.root, place), text, place)
  const starts = lineStarts(text)
  const line = lineAt(starts, place)
  const [lineStart, lineEnd] = [starts[line - 1]!, starts[line] ?? text.length]
  if (mask === null) return { start: lineStart, end: lineEnd }
  return { start: Math.min(lineStart, mask[0]!.start), end: Math.max(lineEnd, maskEnd(mask)) }
}

/**
 * A mask of a broken statement may end too early, and what is left of the statement then breaks because of the mask: a
 * line that is indented for nothing, a bracket that closes nothing, an `else` without its `if`, a statement that is fine
 * by itself.
 */
function believesBehind(look: Look, mask: Mask): Attempt['believes'] {
  const [first] = /^[^\r\n]*/.exec(look.text.slice(mask[0]!.start))!
  const indentation = indentationAt(look.text, mask[0]!.start)
  const mayOpenClauses = spansLines(mask) || isClause(first) || /^(?:if|for|while|try|with|match|async)\b/.test(first)
  return async (next, place, masked) => {
    const line = firstLineBehind(masked, maskEnd(mask))
    const mayMisfit = spansLines(mask) && indentationAt(masked, line.start) !== indentation
    if (isIndentation(next) && place >= line.start && (place < line.end || mayMisfit)) return false
    if (place < line.start || place >= line.end) return true
    const statement = masked.slice(line.start, line.end).trim()
    if (mayOpenClauses && isClause(statement)) return false
    if (hasLooseBrackets(statement) && !(await isBetweenStatements(look, mask, masked))) return false
    return (await look.ask(statement.endsWith(':') ? `${statement} pass` : statement)).kind === 'breaks'
  }
}

/** Whether what is masked is closed in itself and in no brackets: then the line behind it goes on with nothing. */
async function isBetweenStatements({ text, ask }: Look, mask: Mask, masked: string): Promise<boolean> {
  const { start } = firstLineBehind(masked, maskEnd(mask))
  const source = text.slice(mask[0]!.start, maskEnd(mask))
  if (mask.length > 1 || !isClosed(source) || /^[ \t]*\\/.test(text.slice(maskEnd(mask)))) return false
  const line = lineAt(lineStarts(masked), start)
  return isParsed(masked.slice(0, start), indentationAt(masked, start), { ask, line })
}

/** The white space at the beginning of the line of an offset. */
function indentationAt(text: string, offset: number): string {
  const starts = lineStarts(text)
  return /^[ \t\f]*/.exec(text.slice(starts[lineAt(starts, offset) - 1]))![0]
}

/** The first line behind an offset that holds more than a comment. */
function firstLineBehind(text: string, offset: number): { start: number; end: number } {
  const starts = lineStarts(text)
  for (let number = lineAt(starts, offset); number < starts.length; number++) {
    const [start, end] = [starts[number]!, starts[number + 1] ?? text.length]
    if (/^\s*[^\s#]/.test(text.slice(start, end))) return { start, end }
  }
  return { start: text.length, end: text.length }
}

function isIndentation({ exception }: Break): boolean {
  return exception === 'IndentationError' || exception === 'TabError'
}

/** What follows is all in a string that nothing closes: none of it is a statement. */
function opensRest({ message }: Break): boolean {
  return message.includes('unterminated triple-quoted')
}

function isClause(statement: string): boolean {
  return /^(?:elif|else|except|finally|case)\b/.test(statement)
}

function spansLines(mask: Mask): boolean {
  return mask.some(({ text }) => lineStarts(text).length > 1)
}
