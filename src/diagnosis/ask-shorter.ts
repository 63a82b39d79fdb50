import type { Verdict } from '../model/verdict.ts'
import { type Beginning, blockAt, follows, nothing, withBlock, withStatements } from './beginning.ts'
import { lineAt, lineStarts } from './lines.ts'
import { sameVerdict } from './look.ts'
import { type Ask, barrier, isParsed } from './parsed.ts'
import { beginsStatement } from './sections.ts'

/** Most files have fewer sites, and are done before this pays. */
const leastQuestions = 4

/** UTF-16 units: so much more must have been parsed before it is worth a question whether it can be left out. */
const leastParsed = 1 << 12

/** Lines at which what is left out may end, from the last up: one may be in a string, one below a decorator. */
const mostEnds = 4

/**
 * Asks about less and gives the same answers, for texts with the lines of `original` that differ most often behind what was
 * parsed before. An interpreter parses a whole file before it looks at anything else: where it stops in parsing, whole statements
 * before have no part in that. When nothing is left that stops it there, it is asked about whole texts.
 */
export function askShorter(ask: Ask, original: string): Ask {
  const starts = lineStarts(original)
  let parsed: Parsed = { outer: nothing, inner: nothing, tried: 0 }
  let isAllParsed = false
  let questions = 0

  const answer = async (text: string): Promise<Verdict> => {
    const { inner } = parsed
    if (inner === nothing) return ask(text)
    const short = inner.short + text.slice(inner.text.length)
    const [verdict, behind] = [await ask(short), await ask(`${short}\n${barrier}`)]
    // What is found after parsing is not found in a text that cannot be parsed.
    if (verdict.kind === 'breaks' && sameVerdict(verdict, behind)) return verdict
    isAllParsed = behind.kind === 'breaks' && (behind.at?.line ?? 0) > starts.length
    return ask(text)
  }
  return async text => {
    if (isAllParsed || text.length !== original.length || !follows(text, parsed.inner)) return ask(text)
    const verdict = await answer(text)
    questions += 1
    if (verdict.kind === 'breaks' && verdict.at !== null && questions >= leastQuestions)
      parsed = await parseOn(parsed, text, { ask, starts: starts.slice(0, verdict.at.line - 1) })
    return verdict
  }
}

/** How far a text was parsed. */
interface Parsed {
  /** Up to a statement of the top level. */
  readonly outer: Beginning
  /** Up to there, or further, into the block of that statement. */
  readonly inner: Beginning
  /** Lines up to the one at this offset were tried. */
  readonly tried: number
}

/** As far as can be told above the line at which the interpreter stops, where the next mask may be: `starts` are the lines before. */
async function parseOn(parsed: Parsed, text: string, { ask, starts }: Asking): Promise<Parsed> {
  const least = parsed.inner.text.length
  if ((starts.at(-1) ?? 0) < least + leastParsed) return parsed
  const endsIn = (indentation: string, behind: number) =>
    starts
      .filter(start => start > Math.max(parsed.tried, behind) && beginsStatement(text, start, indentation))
      .slice(-mostEnds)
      .toReversed()
  const canEnd = (end: number, indentation: string) => {
    const short = parsed.inner.short + text.slice(least, end)
    return isParsed(short, indentation, { ask, line: lineAt(starts, end) })
  }
  let { outer, inner } = parsed
  for (const end of endsIn('', least)) {
    if (!(await canEnd(end, ''))) continue
    outer = inner = withStatements(outer, text, end)
    break
  }
  const block = blockAt(text.slice(outer.text.length))
  if (block !== null) {
    const { header, indentation } = block
    for (const end of endsIn(indentation, Math.max(inner.text.length, outer.text.length + header.length))) {
      const longer = withBlock(outer, text, end, block)
      if (longer === null || !(await canEnd(end, indentation))) continue
      if (!(await isParsed(longer.short, indentation, { ask, line: lineAt(starts, end) }))) continue
      inner = longer
      break
    }
  }
  return { outer, inner, tried: starts.at(-1)! }
}

interface Asking {
  readonly ask: Ask
  readonly starts: readonly number[]
}
