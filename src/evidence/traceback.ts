import type { Frame, Traceback } from '../model/log.ts'
import { withoutBoxes } from './boxes.ts'
import { frameOf } from './frame.ts'
import { withoutMargins } from './group-margins.ts'
import { withoutBeginnings } from './line-beginnings.ts'
import { oldestFirst } from './line-order.ts'
import type { LogLine } from './log-lines.ts'
import { placed, raisedIn, type Standing } from './raised.ts'

/** A traceback through an endless recursion has a thousand frames, and the last ones tell. */
const mostFrames = 200

const header = 'Traceback (most recent call last):'
const stackHeader = /^\s*Stack \(most recent call last\):$/
/** What Python prints before a traceback that ends nothing. */
const isPassedOver = /^(?:Exception ignored |Error in (?:atexit\.|sys\.excepthook))/

/** A traceback whose last line has not come yet. */
interface Open {
  readonly frames: readonly Frame[]
  readonly isHeaded: boolean
  /** Whether it tells of nothing that ended the program. */
  readonly isIgnored: boolean
  /** Whether the line before was of it. */
  readonly isUnbroken: boolean
  /** Whether the blanks before its lines are there: some take them away. */
  readonly isIndented: boolean
}

const nothing: Open = { frames: [], isHeaded: false, isIgnored: false, isUnbroken: true, isIndented: true }

/**
 * The exceptions in what one process wrote, in its order: those of a traceback, with or without its first line (a program that
 * itself is no Python has none), of CPython 3.8 and later, those of a group behind that of the group, and syntax and import
 * errors of which nothing but the last line is there; a traceback without its last line comes last. Lines of others between
 * those of a traceback are passed over, and so is what Python says that it ignores.
 */
export function readTracebacks(lines: readonly LogLine[], subject: string | null): Traceback[] {
  const found: Traceback[] = []
  let open: Open | null = null as Open | null
  let before = ''
  const plain = withoutBoxes(withoutBeginnings(lines), header)
  const bare = withoutMargins(oldestFirst(plain, header), header)
  for (const [i, { text, at, isMessage }] of bare.entries()) {
    const frame = frameOf(text)
    if (text.trimEnd().endsWith(header)) {
      open = { ...nothing, isHeaded: true, isIgnored: isPassedOver.test(before) }
    } else if (stackHeader.test(text)) {
      open = { ...nothing, isIgnored: true }
    } else if (frame !== null) {
      open = withFrame(open ?? nothing, frame, /^\s|^> /.test(text))
    } else if (open !== null && isSourceOf(open, text)) {
      if (text.trim() !== '') open = { ...open, frames: withText(open.frames, text) }
    } else {
      // What stands behind a stack is no part of it.
      if (open?.isIgnored === true && !open.isHeaded) open = null
      const isNext = open?.isUnbroken === true && !isMessage && frameOf(bare[i + 1]?.text ?? '') === null
      const raised = raisedIn(text, { behind: behind(open), isNext, isMessage })
      if (raised !== null && open?.isIgnored !== true)
        found.push({ ...placed(raised, open?.frames ?? []), at, subject })
      open = raised !== null || open === null ? null : { ...open, isUnbroken: false }
    }
    if (text.trim() !== '') before = text
  }
  const cut = open === null ? null : cutOff(open)
  return cut === null ? found : [...found, { ...cut, at: bare.at(-1)?.at ?? null, subject }]
}

/** What there is of a traceback whose last line is not there; null where nothing shows that it is one. */
function cutOff({ frames, isHeaded, isIgnored }: Open): Omit<Traceback, 'at' | 'subject'> | null {
  const last = frames.at(-1)
  const isOfSyntax = last?.function === null && last.text !== null
  // A frame may be cut off within its number.
  const whole = last?.function === null && last.text === null ? frames.slice(0, -1) : frames
  if (whole.length === 0 || isIgnored || !(isHeaded || isOfSyntax)) return null
  return { kind: isOfSyntax ? 'syntax' : 'cut', exception: null, message: '', frames: whole }
}

function behind(open: Open | null): Standing['behind'] {
  if (open === null) return 'nothing'
  return open.isHeaded ? 'headed' : 'frames'
}

function withFrame(open: Open, frame: Frame, isIndented: boolean): Open {
  return { ...open, frames: [...open.frames.slice(1 - mostFrames), frame], isUnbroken: true, isIndented }
}

/**
 * Whether a line shows a source, or marks a place in one: it is indented, or else, where whoever passed the lines on took
 * the blanks away, it stands where the source does and is no exception by its name.
 */
function isSourceOf({ frames, isIndented }: Open, line: string): boolean {
  if (line.trim() === '' || /^\s/.test(line)) return true
  const last = frames.at(-1)
  // In a group, CPython 3.11 and 3.12 print the source of a syntax error without the margin.
  if (last === undefined || (isIndented && last.function !== null)) return false
  if (/^[~^]+$/.test(line)) return true
  if (last.text !== null) return false
  return !line.includes(': ') || raisedIn(line, { behind: 'frames', isNext: false, isMessage: false }) === null
}

/** The first line behind a frame is its source; those behind that are marks, or more of the source. */
function withText(frames: readonly Frame[], line: string): readonly Frame[] {
  const last = frames.at(-1)
  if (last === undefined || last.text !== null || /^\s*[~^]+\s*$/.test(line)) return frames
  return [...frames.slice(0, -1), { ...last, text: line.trim() }]
}
