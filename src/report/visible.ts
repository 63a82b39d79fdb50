import { disarm } from './disarm.ts'

/**
 * Text from outside, made fit for a terminal and for the log of a CI runner: control characters (with the C1 range), characters that turn the direction
 * of writing or take no room, line separators, and bytes that were no UTF-8 are shown as escapes, as is what a runner would take for a command. One line stays one line.
 */
export function visible(text: string): string {
  return disarm(text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, escaped))
}

function escaped(character: string): string {
  const code = character.codePointAt(0)!
  const short = shortEscapes[character]
  if (short !== undefined) return short
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code - 0xdc00).toString(16)}`
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`
}

const shortEscapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }
