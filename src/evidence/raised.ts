import type { CrashKind, Frame, Traceback } from '../model/log.ts'
import { caughtLoading, type Raised } from './load-failures.ts'

/** What is known of a line that may be the last of a traceback. */
export interface Standing {
  /** A traceback whose first line is there is `headed`; frames without it may be no traceback at all. */
  readonly behind: 'headed' | 'frames' | 'nothing'
  /** Whether it stands just behind them, no logger began it, and no further frame follows. */
  readonly isNext: boolean
  /** Whether a logger began it as a message of its own. */
  readonly isMessage: boolean
}

const identifier = String.raw`[\p{L}_][\p{L}\p{M}\p{N}_]*`
/** A class of a function is `f.<locals>.Gone`. */
const raised = new RegExp(`^(${identifier}(?:\\.(?:${identifier}|<locals>))*)(?:: ?(.*))?$`, 'su')
const isLoading = /^(?:SyntaxError|IndentationError|TabError|ImportError|ModuleNotFoundError)$/
/** The names that Python's own have, or that of a module before it. */
const isNamedSo = /\.|(?:Error|Exception|Group|Exit|Interrupt|Iteration|Warning)$/

/**
 * The exception that a line tells of, also in other words than Python's: by itself it must be a failure to load, behind frames be named like an exception or have
 * a module's name before its own; behind the whole of a traceback it may be called anything.
 */
export function raisedIn(line: string, { behind, isNext, isMessage }: Standing): Raised | null {
  const caught = caughtLoading(line)
  if (caught !== null) return caught
  const [, exception, message] = raised.exec(line) ?? []
  if (exception === undefined) return null
  const found = { exception, message: message ?? '' }
  if (isLoading.test(exception) && message !== undefined) return found
  if (behind === 'nothing') return null
  if (isNamedSo.test(exception)) return found
  if (behind === 'frames') return null
  // A word by itself may be anything that is printed.
  return isNext || (message !== undefined && !isMessage) ? found : null
}

/** An exception with its kind and its place: whoever tells a syntax error by its text alone has the place in that. */
export function placed(raised: Raised, frames: readonly Frame[]): Pick<Traceback, 'kind' | 'frames' | keyof Raised> {
  const kind = kindOf(raised)
  const told = kind === 'syntax' ? placeInMessage(raised.message) : null
  if (told === null) return { ...raised, kind, frames }
  const { message, path, line } = told
  const isShown = frames.at(-1)?.function === null
  return {
    ...raised,
    message,
    kind,
    frames: isShown ? frames : [...frames, { path, line, function: null, text: null }],
  }
}

/** `invalid syntax (main.py, line 3)`; of bytes that are no UTF-8, nothing but the message tells the place. */
function placeInMessage(message: string): { message: string; path: string; line: number } | null {
  const [, before, path, line] = /^(.*) \(([^()]+), line (\d{1,9})\)$/s.exec(message) ?? []
  if (path !== undefined) return { message: before!, path, line: Number(line) }
  const [, file, at] = /^Non-UTF-8 code starting with .* in file (.+) on line (\d{1,9}),/s.exec(message) ?? []
  return file === undefined ? null : { message, path: file, line: Number(at) }
}

function kindOf({ exception, message }: Raised): CrashKind {
  if (/^(?:SyntaxError|IndentationError|TabError)$/.test(exception)) return 'syntax'
  // Before 3.12, of a module; before 3.11.4, ValueError.
  if (exception === 'ValueError' && /^source code (?:string )?cannot contain null bytes$/.test(message)) return 'syntax'
  return /^(?:ImportError|ModuleNotFoundError)$/.test(exception) ? 'import' : 'runtime'
}
