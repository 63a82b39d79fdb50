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

/**
 * A record of Google's, checked against what is used of it; what else it holds is left out. A byte order mark, and UTF-16, as
 * PowerShell writes what a command prints, are understood.
 *
 * @throws VerifierError when it is no JSON, or a field that is used is not what it should be; the message names the field.
 */
export function parseRecord<Schema extends GenericSchema>(
  bytes: Buffer,
  schema: Schema,
  { file, kind, command }: RecordTitle,
): InferOutput<Schema> {
  const fail = (problem: string, options?: ErrorOptions) =>
    new VerifierError(
      'record-unreadable',
      `cannot read ${kind} from ${quoted(file)}: ${problem}; make it with ${command}`,
      options,
    )
  const value = parseJson(bytes, fail)
  if (Array.isArray(value)) throw fail('it is a list, and one record is wanted')
  const { success, output, issues } = safeParse(schema, value, { abortEarly: true })
  if (success) return output
  throw fail(problemOf(issues[0]))
}

function parseJson(bytes: Buffer, fail: (problem: string, options?: ErrorOptions) => VerifierError): unknown {
  try {
    return JSON.parse(decode(bytes))
  } catch (cause) {
    throw fail('it is no JSON', { cause })
  }
}

function decode(bytes: Buffer): string {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8'
  return new TextDecoder(encoding, { fatal: true }).decode(bytes)
}

function problemOf(issue: BaseIssue<unknown>): string {
  const path = getDotPath(issue)
  return path === null ? `it is ${issue.received.slice(0, 40)}, no object` : `its ${quoted(path)} ${reason(issue)}`
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
