import { expect } from 'vitest'
import { compareVersions } from '../../src/model/interpreter.ts'
import type { Verdict } from '../../src/model/verdict.ts'
import { sources, textAt, textTo } from './sources.ts'

/** What stands at the place at which each of these sources breaks, whatever the version counts in. */
const starts: Readonly<Record<string, { readonly text: string; readonly since: string }>> = {
  'nul.py': { text: '\0', since: '2.7' },
  'nul-behind-text.py': { text: "\0'", since: '2.7' },
  'cookie-unknown.py': { text: 'nonsense', since: '2.7' },
  'cookie-unknown-line-2.py': { text: 'nonsense -*-', since: '2.7' },
  'cookie-no-text-encoding.py': { text: 'hex', since: '2.7' },
  'cookie-wrong.py': { text: 'ascii', since: '3.6' },
  'return-at-top.py': { text: 'return', since: '3.6' },
  'return-latin-1.py': { text: 'return', since: '3.6' },
  'return-behind-triple.py': { text: 'return', since: '3.6' },
  'nbsp.py': { text: '\u00a0= 1', since: '2.7' },
  'fstring-empty-field.py': { text: "}'", since: '3.12' },
  'unclosed.py': { text: '(1,', since: '3.10' },
  'unclosed-triple.py': { text: "'''abc", since: '3.10' },
}

/** Expects the places of the sources that say what stands there; those called `place-…` break at their `$`. */
export function expectPlaces(version: string, verdicts: ReadonlyMap<string, Verdict>): void {
  const found: Record<string, string | null> = {}
  const expected: Record<string, string | null> = {}
  for (const name of sources.keys()) {
    const { text, since } = name.startsWith('place-') ? { text: '$ 2', since: '2.7' } : (starts[name] ?? {})
    if (text === undefined || since === undefined || compareVersions(version, since) < 0) continue
    if (version.startsWith('2.7') && name.startsWith('place-in-field')) continue // 2.7 knows no f-strings
    const start = textAt(name, verdicts.get(name)!)
    found[name] = start === null ? null : start.slice(0, text.length)
    expected[name] = text
    if (name.startsWith('return-') && compareVersions(version, '3.10') >= 0) {
      found[`${name} to its end`] = textTo(name, verdicts.get(name)!)
      expected[`${name} to its end`] = 'return'
    }
  }
  expect(found).toEqual(expected)
}
