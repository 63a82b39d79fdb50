import type { Position, SourceWarning, Verdict, Warned } from '../model/verdict.ts'

/** What check.py says in one line of JSON; null when it is not an answer, as from a program that is no CPython. */
export function parseAnswer(line: string): Verdict | null {
  const answer = parseObject(line)
  if (answer?.kind === 'compiles') return parseCompiles(answer)
  if (answer?.kind === 'undecided') return typeof answer.reason === 'string' ? undecided(answer.reason) : null
  if (answer?.kind !== 'breaks') return null
  const { exception, message } = answer
  const [at, end] = [parsePosition(answer.at), parsePosition(answer.end)]
  if (typeof exception !== 'string' || typeof message !== 'string') return null
  if (at === undefined || end === undefined) return null
  return { kind: 'breaks', at, end, exception, message }
}

/** The same, of a source: null as well where it names a place that cannot be in it, and would be looked for without end. */
export function parseAnswerTo({ length }: Uint8Array, line: string): Verdict | null {
  const verdict = parseAnswer(line)
  const isWithin = (at: Position | null) => at === null || Math.max(at.line, at.column) <= length + 2
  return verdict === null || placesOf(verdict).every(isWithin) ? verdict : null
}

function placesOf(verdict: Verdict): readonly (Position | null)[] {
  if (verdict.kind === 'breaks') return [verdict.at, verdict.end]
  return verdict.kind === 'compiles' ? (verdict.warned?.warnings ?? []).map(({ at }) => at) : []
}

function parseCompiles({ warned }: Record<string, unknown>): Verdict | null {
  if (warned === undefined) return { kind: 'compiles' }
  const { warnings, complete } = (warned ?? {}) as Partial<Warned>
  if (!Array.isArray(warnings) || typeof complete !== 'boolean') return null
  const parsed = warnings.map(parseWarning)
  return parsed.includes(null)
    ? null
    : { kind: 'compiles', warned: { warnings: parsed.filter(each => each !== null), complete } }
}

function parseWarning(value: unknown): SourceWarning | null {
  const { at, category, message } = (value ?? {}) as Partial<Record<keyof SourceWarning, unknown>>
  const position = parsePosition(at ?? undefined)
  if (position == null || typeof category !== 'string' || typeof message !== 'string') return null
  return { at: position, category, message }
}

/** Of a comparison, what check.py says of two sources; null when it is no answer. */
export function parseComparison(line: string): Comparison | null {
  const kind = parseObject(line)?.kind
  return comparisons.find(each => each === kind) ?? null
}

/** `unknown` where one of the sources has no tree, as the interpreter does not take it. */
const comparisons = ['same', 'different', 'unknown'] as const
type Comparison = (typeof comparisons)[number]

/** No verdict, and why, in words that end no sentence. */
export function undecided(reason: string): Extract<Verdict, { kind: 'undecided' }> {
  return { kind: 'undecided', reason }
}

function parseObject(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? { ...value } : null
  } catch {
    return null // not JSON, so not an answer
  }
}

/** Null where there is none; undefined when it is not a position. */
function parsePosition(value: unknown): Position | null | undefined {
  if (value === null) return null
  if (typeof value !== 'object') return undefined
  const { line, column } = value as Partial<Position>
  return isCount(line) && isCount(column) ? { line, column } : undefined
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1
}
