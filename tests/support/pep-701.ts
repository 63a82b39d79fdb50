import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { EmbeddedPython } from './embedded-python.ts'

/** An f-string that an older CPython rejects. */
export interface RejectedString {
  /** The first and the last line of the logical line that it is part of, 1-based. */
  readonly first: number
  readonly last: number
  /** All that is wrong with it, as ids of features; what stops the interpreter first comes first. */
  readonly kinds: readonly [string, ...string[]]
}

/** What one CPython from 3.12 on, as a tokenizer, finds in each source. */
export type Tokenizer = (sources: readonly string[]) => RejectedString[][]

const script = new URL('pep-701.py', import.meta.url)

export function nativeTokenizer(executable: string): Tokenizer {
  const options = ['-I', script.pathname, 'stdin']
  return sources => JSON.parse(execFileSync(executable, options, { input: JSON.stringify(sources), encoding: 'utf8' }))
}

export function embeddedTokenizer({ run }: EmbeddedPython): Tokenizer {
  const program = `${readFileSync(script, 'utf8')}\ndef answer(given): return json.dumps(list(map(places, json.loads(given))))`
  return sources => JSON.parse(run(program, JSON.stringify(sources)))
}
