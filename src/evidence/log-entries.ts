import type { InferOutput } from 'valibot'
import type { LogLine } from './log-lines.ts'
import { linesOf } from './log-lines.ts'
import type { entrySchema } from './log-schema.ts'
import { textsOfObject } from './logged-texts.ts'

export type LogEntry = InferOutput<typeof entrySchema>

/** What one process wrote at about one time. */
export interface LogStream {
  readonly subject: string | null
  readonly lines: readonly LogLine[]
}

/** Entries that lie further apart, in milliseconds, are not of one traceback. */
const longestPause = 2000

/**
 * Entries in the order of time, `insertId` deciding among those of one time, put together by who wrote them: a traceback
 * is written line by line, and may be split over as many entries.
 */
export function streamsOf(entries: readonly LogEntry[]): LogStream[] {
  const writers = new Map<string, LogEntry[]>()
  for (const entry of inOrder(entries)) {
    const key = [subjectOf(entry), entry.labels.instanceId, entry.labels.container_name, entry.logName].join('\0')
    const known = writers.get(key)
    if (known === undefined) writers.set(key, [entry])
    else known.push(entry)
  }
  return [...writers.values()].flatMap(pausesOf).map(together => ({
    subject: subjectOf(together[0]!),
    lines: together.flatMap(entry => textsOf(entry).flatMap(text => linesOf(text, entry.timestamp ?? null))),
  }))
}

/** By time; what gcloud prints begins with the newest. */
export function inOrder(entries: readonly LogEntry[]): LogEntry[] {
  const keyed = entries.map(entry => ({ entry, key: timeKey(entry) }))
  keyed.sort((a, b) => compare(a.key, b.key) || compare(a.entry.insertId, b.entry.insertId))
  return keyed.map(({ entry }) => entry)
}

/** The revision, or the execution and its task, that an entry is of; null where it does not say. */
export function subjectOf({ resource, labels }: LogEntry): string | null {
  const revision = resource?.labels.revision_name
  if (revision !== undefined && revision !== '') return revision
  const execution = labels['run.googleapis.com/execution_name']
  if (execution === undefined) return null
  const task = labels['run.googleapis.com/task_index']
  const attempt = labels['run.googleapis.com/task_attempt']
  return [execution, task === undefined ? '' : `task ${task}`, attempt === undefined ? '' : `attempt ${attempt}`]
    .filter(part => part !== '')
    .join(' ')
}

/** What is logged as text, also by a program that logs in JSON. */
function textsOf({ textPayload, jsonPayload }: LogEntry): string[] {
  if (textPayload != null) return [textPayload]
  return textsOfObject(jsonPayload ?? {})
}

function pausesOf(entries: readonly LogEntry[]): LogEntry[][] {
  const groups: LogEntry[][] = []
  let last = Number.NaN
  for (const entry of entries) {
    const time = Date.parse(entry.timestamp ?? '')
    if (groups.length === 0 || time - last > longestPause) groups.push([])
    groups.at(-1)!.push(entry)
    last = time
  }
  return groups
}

/** Nanoseconds may be written with fewer digits. */
function timeKey({ timestamp }: LogEntry): string {
  const [seconds = '', fraction = ''] = (timestamp ?? '').replace('Z', '').split('.')
  return `${seconds}.${fraction.padEnd(9, '0')}`
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
