import { createHash } from 'node:crypto'
import { openVerdictCache } from '../../src/interpreters/verdict-cache.ts'
import type { Sha256 } from '../../src/model/digest.ts'
import type { Interpreter } from '../../src/model/interpreter.ts'
import type { Verdict } from '../../src/model/verdict.ts'

/** An interpreter of this build that nobody could start. */
export function build(name: string): Interpreter {
  return { id: name, version: '3.11.7', provider: 'native', build: name, executable: '/nowhere/python' }
}

export const python = build('native-3.11.7')

export function shaOf(text: string): Sha256 {
  return createHash('sha256').update(text).digest('hex') as Sha256
}

/** Every second content compiles; a wrong answer shows, as every other one has its own message. */
export function truthOf(number: number): Verdict {
  if (number % 2 === 0) return { kind: 'compiles' }
  const at = { line: number, column: 1 }
  return { kind: 'breaks', at, end: null, exception: 'SyntaxError', message: `invalid syntax ${number}` }
}

/** Remembers the truth about some numbers, as one run does, and tells what it logs. */
export async function rememberAll(directory: string, numbers: readonly number[], bound?: number): Promise<string[]> {
  const lines: string[] = []
  const log = (line: string) => void lines.push(line)
  await using cache = openVerdictCache({ directory, log, ...(bound === undefined ? {} : { bound }) })
  for (const number of numbers) cache.remember(shaOf(`${number}`), python, truthOf(number))
  return lines
}

/** Which of the numbers are known, as another run finds them, and what it logs. Throws when a verdict is not the truth. */
export async function recallAll(
  directory: string,
  numbers: readonly number[],
): Promise<{ readonly known: readonly number[]; readonly log: readonly string[] }> {
  const log: string[] = []
  await using cache = openVerdictCache({ directory, log: line => void log.push(line) })
  const verdicts = await cache.known(
    numbers.map(number => shaOf(`${number}`)),
    [python],
  )
  const known = numbers.filter(number => {
    const verdict = verdicts.get(shaOf(`${number}`))?.get(python.id)
    if (verdict === undefined) return false
    if (JSON.stringify(verdict) === JSON.stringify(truthOf(number))) return true
    throw new Error(`${number}: ${JSON.stringify(verdict)}`)
  })
  return { known, log }
}

export function upTo(count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => i)
}
