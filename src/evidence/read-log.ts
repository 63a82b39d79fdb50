import type { LogRecord } from '../model/log.ts'
import { readFatalErrors } from './fatal-errors.ts'
import { checkRecord, decode, type FailRecord, failureOfRecord } from './json-record.ts'
import { inOrder, type LogEntry, type LogStream, streamsOf, subjectOf } from './log-entries.ts'
import { linesOf } from './log-lines.ts'
import { entrySchema } from './log-schema.ts'
import { textsOfObject } from './logged-texts.ts'
import { revisionWithin } from './read-revision.ts'
import { readTracebacks } from './traceback.ts'

/** A log that a person downloads has some thousands. */
const mostEntries = 200_000
/** Those of a container that is started again and again are all alike. */
const mostTracebacks = 1000

/**
 * A log, as `gcloud logging read … --format=json` prints it, the same with one entry a line, or whatever a container wrote:
 * plain lines, or lines of JSON with a message.
 *
 * @param file what messages call it.
 * @throws VerifierError for an entry of Cloud Logging with a field that is not as it should be, naming both; for too many.
 */
export function readLog(bytes: Buffer, file: string): LogRecord {
  const fail = failureOfRecord({ file, kind: 'a log', command: 'gcloud logging read FILTER --format=json' })
  const text = decode(bytes, false)
  if (text.trim() === '') throw fail('it is empty')
  const values = text.trimStart().startsWith('[') ? parsed(text) : null
  if (Array.isArray(values)) return recordOf(checkEntries(values, fail), [], fail)
  const single = text.trimStart().startsWith('{') ? parsed(text) : null
  // As the REST interface lists them.
  if (isObject(single) && 'entries' in single && Array.isArray(single.entries))
    return recordOf(checkEntries(single.entries, fail), [], fail)
  if (isObject(single)) return fromLines([single], fail)
  assertPlain(text, fail)
  return fromLines(
    text
      .split(/\r*\n/)
      .filter(line => line.trim() !== '')
      .map(line => parsedLine(line)),
    fail,
  )
}

/** @throws VerifierError for what was to be JSON of gcloud, and is not. */
function assertPlain(text: string, fail: FailRecord): void {
  const start = text.trimStart().replace(/^\ufeff/, '')
  const first = start.slice(0, start.search(/\r?\n|$/))
  // A program may print a whole value of JSON, or what begins like one, before it fails.
  if (/^(?:\[\s*\{|\{\r?\n)\s*"\w+":/.test(start) && parsed(first) === null)
    throw fail('it begins as JSON does, and is none: it may be cut off, or be several values')
  if (/^insertId: /m.test(text) && /^logName: /m.test(text))
    throw fail('it is YAML, as gcloud prints where --format=json is left out')
}

/** Lines are entries, objects that a program logged, or text. */
function fromLines(lines: readonly (string | object)[], fail: FailRecord): LogRecord {
  if (lines.length > mostEntries) throw fail(`it has more than ${mostEntries} lines: pass its end, as tail prints it`)
  const entries: LogEntry[] = []
  const plain: string[] = []
  for (const [i, line] of lines.entries()) {
    if (typeof line === 'string') plain.push(line)
    else if ('logName' in line || 'resource' in line || 'insertId' in line) {
      entries.push(checkRecord(line, entrySchema, fail, `line ${i + 1}`))
    } else plain.push(...textsOfObject(line as Record<string, unknown>))
  }
  return recordOf(entries, plain, fail)
}

function checkEntries(values: readonly unknown[], fail: FailRecord): LogEntry[] {
  if (values.length > mostEntries) throw fail(`it has more than ${mostEntries} entries`)
  return values.map((value, i) => checkRecord(value, entrySchema, fail, `[${i}]`))
}

function recordOf(entries: readonly LogEntry[], plain: readonly string[], fail: FailRecord): LogRecord {
  const lines = plain.flatMap(line => linesOf(line, null))
  const streams: LogStream[] = [...streamsOf(entries), { subject: null, lines }]
  const tracebacks = streams.flatMap(({ lines, subject }) => [
    ...readTracebacks(lines, subject),
    ...readFatalErrors(lines, subject),
  ])
  // Streams are each in the order of time, and stand in that of their first entries.
  const timed = tracebacks.map((each, index) => ({ each, index, time: each.at === null ? 0 : Date.parse(each.at) }))
  timed.sort((a, b) => a.time - b.time || a.index - b.index)
  const subjects = new Set(entries.flatMap(entry => subjectOf(entry) ?? []))
  return {
    entries: entries.length + plain.length,
    tracebacks: timed.map(({ each }) => each).slice(-mostTracebacks),
    subjects: [...subjects].sort(),
    remarks: remarksOf(entries),
    deployments: deploymentsOf(entries, fail),
  }
}

/** Of the platform's own log, what tells how a container ended; that a revision is not ready, its record tells. */
function remarksOf(entries: readonly LogEntry[]): string[] {
  const told = inOrder(entries).flatMap(({ logName, textPayload }) => {
    const isOfEnd = /^(?:Container called exit|Container terminated|Default STARTUP|STARTUP)/.test(textPayload ?? '')
    return isOfEnd && logName.endsWith('varlog%2Fsystem') ? [textPayload!.split('\n')[0]!.trim()] : []
  })
  return [...new Set(told)].slice(0, 10)
}

/** An entry that tells of a failed revision carries the whole of it. */
function deploymentsOf(entries: readonly LogEntry[], fail: FailRecord): LogRecord['deployments'] {
  return inOrder(entries).flatMap(({ protoPayload }) => {
    if (protoPayload?.response == null) return []
    return revisionWithin(protoPayload.response, fail, 'protoPayload.response') ?? []
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''))
  } catch {
    return null // then it is read line by line
  }
}

function parsedLine(line: string): string | object {
  const value = line.startsWith('{') ? parsed(line) : null
  return isObject(value) ? value : line
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
