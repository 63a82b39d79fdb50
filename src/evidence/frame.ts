import type { Frame } from '../model/log.ts'

/** `  File "/app/main.py", line 3, in <module>`, of loguru also with a `>`; the place of a syntax error names no function. */
export function frameOf(line: string): Frame | null {
  const [, path, number, name = null] = /^(?:\s*|> )File "(.+)", line (\d{1,9})(?:, in (.+))?$/s.exec(line) ?? []
  return path === undefined ? null : { path, line: Number(number), function: name, text: null }
}
