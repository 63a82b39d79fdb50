import { hash } from 'node:crypto'
import type { Interpreter } from '../model/interpreter.ts'
import type { Verdict } from '../model/verdict.ts'
import { parseAnswer } from './answer.ts'

/** Characters. A message longer than that holds more of the source than a name. */
const longestMessage = 256

/** Hex digits of the check sum in front of a record. */
const checkLength = 16

/**
 * Under what an interpreter's verdicts are remembered: its build and the program that asks it, 32 hex digits of a digest
 * over both. `program` is the digest of check.py, so that another version of it shares nothing with this one.
 */
export function scopeOf({ build }: Interpreter, program: string): string {
  return hash('sha256', `${build}\0${program}`).slice(0, 32)
}

/**
 * What is stored for a verdict; null when it is not to be remembered: `undecided` is no property of the bytes, and a message
 * may quote the source. CPython's messages name at most an identifier, an encoding or a character, but for that of
 * a Python 2 `print`, which up to 3.9 repeats the whole statement.
 */
export function recordOf(key: string, verdict: Verdict): string | null {
  if (verdict.kind === 'undecided') return null
  if (messagesOf(verdict).some(quotesSource)) return null
  const text = JSON.stringify(verdict)
  return checkOf(key, text) + text
}

/** The verdict of a record; null when it is not the very record that was written under this key. */
export function verdictOf(key: string, record: string): Verdict | null {
  const text = record.slice(checkLength)
  return record.startsWith(checkOf(key, text)) ? parseAnswer(text) : null
}

function messagesOf(verdict: Verdict): readonly string[] {
  if (verdict.kind === 'breaks') return [verdict.message]
  return verdict.kind === 'compiles' ? (verdict.warned?.warnings ?? []).map(({ message }) => message) : []
}

function quotesSource(message: string): boolean {
  return message.length > longestMessage || /Did you mean print\((?!\.\.\.\)\?$)/.test(message)
}

/** The store itself notices no changed byte, and a changed byte must not make a file pass. */
function checkOf(key: string, text: string): string {
  return hash('sha256', key + text).slice(0, checkLength)
}
