import type { CrashKind, Frame, Traceback } from '../model/log.ts'
import { withoutMargins } from './group-margins.ts'
import type { LogLine } from './log-lines.ts'

/** A traceback through an endless recursion has a thousand frames, and the last ones tell. */
const mostFrames = 200

type Raised = Pick<Traceback, 'exception' | 'message'>

const header = 'Traceback (most recent call last):'

/**
 * The exceptions in what one process wrote, in its order: those of a traceback, with or without its first line (a program that
 * itself is no Python has none), of CPython 3.8 and later, those of a group behind that of the group, and syntax and import
 * errors of which nothing but the last line is there. Lines of others between those of a traceback are passed over.
 */
export function readTracebacks(lines: readonly LogLine[], subject: string | null): Traceback[] {
  const found: Traceback[] = []
  let frames: Frame[] = []
  let isOpen = false
  for (const { text, at } of withoutMargins(lines, header)) {
    const frame = frameOf(text)
    if (text.trim() === header) {
      frames = []
      isOpen = true
    } else if (frame !== null) {
      frames = [...frames.slice(1 - mostFrames), frame]
      isOpen = true
    } else if (isOpen && isSourceOf(frames, text)) {
      if (text.trim() !== '') frames = withText(frames, text)
    } else {
      const raised = exceptionOf(text, isOpen)
      if (raised === null) continue
      found.push({ ...placed(raised, frames), at, subject })
      frames = []
      isOpen = false
    }
  }
  return found
}

/** `  File "/app/main.py", line 3, in <module>`, of loguru also with a `>`; the place of a syntax error names no function. */
function frameOf(line: string): Frame | null {
  const [, path, number, name = null] = /^(?:\s*|> )File "(.+)", line (\d{1,9})(?:, in (.+))?$/s.exec(line) ?? []
  return path === undefined ? null : { path, line: Number(number), function: name, text: null }
}

/**
 * Whether a line shows a source, or marks a place in one: it is indented, or else, where whoever passed the lines on took
 * the blanks away, it stands where the source does and is no exception by its name.
 */
function isSourceOf(frames: readonly Frame[], line: string): boolean {
  if (line.trim() === '' || /^\s/.test(line)) return true
  const last = frames.at(-1)
  if (last === undefined) return false
  if (/^[~^]+$/.test(line)) return true
  return last.text === null && exceptionOf(line, false) === null
}

/** The first line behind a frame is its source; those behind that are marks, or more of the source. */
function withText(frames: Frame[], line: string): Frame[] {
  const last = frames.at(-1)
  if (last === undefined || last.text !== null || /^\s*[~^]+\s*$/.test(line)) return frames
  return [...frames.slice(0, -1), { ...last, text: line.trim() }]
}

/** Behind frames anything may be raised, and it need not be called an error; by itself a line must be a failure to load. */
function exceptionOf(line: string, isOpen: boolean): Raised | null {
  const [, exception, message = ''] = /^([A-Za-z_][\w.]*)(?:: ?(.*))?$/s.exec(line) ?? []
  if (exception === undefined) return null
  // A word by itself may be anything that is printed.
  if (!line.includes(':') && !/(?:\.|Error$|Exception$|Exit$|Interrupt$|Iteration$|Warning$)/.test(exception))
    return null
  const isLoading = /^(?:SyntaxError|IndentationError|TabError|ImportError|ModuleNotFoundError)$/.test(exception)
  if (!isLoading && !isOpen) return null
  return { exception, message }
}

/** Whoever logs a syntax error by its text alone has the place in it: `invalid syntax (main.py, line 3)`. */
function placed(
  raised: Raised,
  frames: readonly Frame[],
): Pick<Traceback, 'kind' | 'frames' | 'exception' | 'message'> {
  const kind = kindOf(raised)
  const [, message, path, line] = /^(.*) \(([^()]+), line (\d{1,9})\)$/s.exec(raised.message) ?? []
  if (kind !== 'syntax' || path === undefined) return { ...raised, kind, frames }
  const isShown = frames.at(-1)?.function === null
  const place = { path, line: Number(line), function: null, text: null }
  return { ...raised, message: message!, kind, frames: isShown ? frames : [...frames, place] }
}

function kindOf({ exception, message }: Raised): CrashKind {
  if (/^(?:SyntaxError|IndentationError|TabError)$/.test(exception)) return 'syntax'
  // Before 3.12, of a module; before 3.11.4, ValueError.
  if (exception === 'ValueError' && /^source code (?:string )?cannot contain null bytes$/.test(message)) return 'syntax'
  return /^(?:ImportError|ModuleNotFoundError)$/.test(exception) ? 'import' : 'runtime'
}
