import { type BaseIssue, type GenericSchema, getDotPath, type InferOutput, safeParse } from 'valibot'
import { VerifierError } from '../model/errors.ts'
import { quoted } from '../model/quoted.ts'

/** What a record is, for a message. */
export interface RecordTitle {
  /** As the user names it. */
  readonly file: string
  /** What it should hold: `a build`. */
  readonly kind: string
  /** What makes it. */
  readonly command: string
}

/** Makes what is thrown; `problem` ends no sentence. */
export type FailRecord = (problem: string, options?: ErrorOptions) => VerifierError

/** For what is wrong with a record: the message names it, and says how to make another. */
export function failureOfRecord({ file, kind, command }: RecordTitle): FailRecord {
  return (problem, options) =>
    new VerifierError(
      'record-unreadable',
      `cannot read ${kind} from ${quoted(file)}: ${problem}; make it with ${command}`,
      options,
    )
}

/**
 * A record of Google's, checked against what is used of it; what else it holds is left out.
 *
 * @throws VerifierError when it is no JSON, or a field that is used is not what it should be; the message names the field.
 */
export function parseRecord<Schema extends GenericSchema>(
  bytes: Buffer,
  schema: Schema,
  title: RecordTitle,
): InferOutput<Schema> {
  const fail = failureOfRecord(title)
  const value = parseJson(bytes, fail)
  if (Array.isArray(value)) throw fail('it is a list, and one record is wanted')
  return checkRecord(value, schema, fail)
}

/** What a record holds, as far as it is used. `place` is where in the file it stands; '' for the whole file. */
export function checkRecord<Schema extends GenericSchema>(
  value: unknown,
  schema: Schema,
  fail: FailRecord,
  place = '',
): InferOutput<Schema> {
  const { success, output, issues } = safeParse(schema, value, { abortEarly: true })
  if (success) return output
  throw fail(problemOf(issues[0], place))
}

/** @throws VerifierError when it is no JSON. */
export function parseJson(bytes: Buffer, fail: FailRecord): unknown {
  try {
    return JSON.parse(decode(bytes, true))
  } catch (cause) {
    throw fail('it is no JSON', { cause })
  }
}

const encodings: Readonly<Record<string, string>> = { '\xff\xfe': 'utf-16le', '\xfe\xff': 'utf-16be' }

/**
 * A byte order mark, and UTF-16, as PowerShell writes what a command prints, are understood.
 *
 * @throws TypeError for bytes that are no text, if it is to be strict; else `\ufffd` stands for them.
 */
export function decode(bytes: Buffer, strict: boolean): string {
  const encoding = encodings[bytes.toString('latin1', 0, 2)] ?? 'utf-8'
  return new TextDecoder(encoding, { fatal: strict }).decode(bytes)
}

function problemOf(issue: BaseIssue<unknown>, place: string): string {
  const path = [place, getDotPath(issue) ?? ''].filter(part => part !== '').join('.')
  return path === '' ? `it is ${issue.received.slice(0, 40)}, no object` : `its ${quoted(path)} ${reason(issue)}`
}

function reason({ kind, message, expected, received }: BaseIssue<unknown>): string {
  if (kind === 'validation') return message
  return received === 'undefined' ? 'is missing' : `should be ${words(expected)}, and is ${words(received)}`
}

/** What valibot calls a type, without the names of its own; of a value, the start. */
function words(type: string | null): string {
  const plain = (type ?? 'something else').replace(/^\((.*)\)$/, '$1').replaceAll(' | null | undefined', '')
  return plain.length > 60 ? `${plain.slice(0, 60)}…` : plain
}
