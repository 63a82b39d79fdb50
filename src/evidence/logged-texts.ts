import { array, type InferOutput, nullish, number, object, safeParse, string } from 'valibot'

/** Fields in which loggers for Python, and the files of Docker's own log (`log`), keep a message and a traceback. */
const textFields = [
  'message',
  'msg',
  'event',
  'log',
  'exception',
  'exc_info',
  'exc_text',
  'stack_trace',
  'stack_info',
  'traceback',
]

/** Nothing that a logger writes is nested deeper. */
const deepest = 8

/**
 * What a program logged in an object, as it would have printed it: its message first, then what its logger makes of a traceback,
 * under whatever name that stands.
 */
export function textsOfObject(logged: Readonly<Record<string, unknown>>): string[] {
  const named = textFields.flatMap(name => textOf(logged[name]) ?? [])
  return named.some(isOfTraceback) ? named : [...named, ...tracebacksWithin(logged, deepest).filter(isNotIn(named))]
}

/** A list holds the lines of one text. */
function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value
  return Array.isArray(value) && value.length > 0 && value.every(each => typeof each === 'string')
    ? value.join('\n')
    : null
}

function tracebacksWithin(value: unknown, depth: number): string[] {
  const text = textOf(value) ?? textOfStructure(value)
  if (text !== null) return isOfTraceback(text) ? [text] : []
  if (typeof value !== 'object' || value === null || depth === 0) return []
  // Of exceptions in a list, the one that was raised last stands first.
  const inside = Array.isArray(value) ? value.toReversed() : Object.values(value)
  return inside.flatMap(each => tracebacksWithin(each, depth - 1))
}

function isOfTraceback(text: string): boolean {
  return /^\s*File ".+", line \d|^(?:SyntaxError|IndentationError|TabError|ImportError|ModuleNotFoundError): /m.test(
    text,
  )
}

function isNotIn(texts: readonly string[]): (text: string) => boolean {
  return text => !texts.includes(text)
}

const line = nullish(number(), 0)
/** https://www.structlog.org/en/stable/api.html#structlog.tracebacks.Stack: what is used of it. */
const structure = object({
  exc_type: string(),
  exc_value: nullish(string(), ''),
  syntax_error: nullish(object({ filename: string(), lineno: line, line: nullish(string(), ''), msg: string() })),
  frames: nullish(array(object({ filename: string(), lineno: line, name: string() })), []),
})

/** An exception that a logger has taken apart, as Python prints it; null for what is none. */
function textOfStructure(value: unknown): string | null {
  const { success, output } = safeParse(structure, value)
  return success ? printed(output) : null
}

function printed({ exc_type, exc_value, syntax_error, frames }: InferOutput<typeof structure>): string {
  const ran = frames.map(({ filename, lineno, name }) => `  File "${filename}", line ${lineno}, in ${name}`)
  const place =
    syntax_error == null
      ? []
      : [`  File "${syntax_error.filename}", line ${syntax_error.lineno}`, `    ${syntax_error.line.trim()}`]
  return [
    'Traceback (most recent call last):',
    ...ran,
    ...place,
    `${exc_type}: ${syntax_error?.msg ?? exc_value}`,
  ].join('\n')
}
