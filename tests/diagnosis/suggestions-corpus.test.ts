import { execFileSync } from 'node:child_process'
import { afterAll, describe, expect } from 'vitest'
import { loadSyntax } from '../../src/diagnosis/syntax.ts'
import { openJudge } from '../../src/interpreters/judge.ts'
import { sitesIn } from '../support/error-sites.ts'
import { nativePython, needsNative } from '../support/native.ts'
import { testNeeding } from '../support/needs.ts'
import { sharedCache } from '../support/shared-folder.ts'
import { fStrings } from './f-string-corpus.ts'
import { followed } from './followed.ts'

const bench = openJudge({ jobs: 2, cacheDirectory: sharedCache })
afterAll(() => bench[Symbol.asyncDispose]())
const means = { judge: bench.judge, sameTree: bench.sameTree, syntax: await loadSyntax() }

/** Those for which there is no way yet: f-strings of one pair of quotes in one another, and fields in fields in fields. */
const without = [
  'backslash-debug',
  'comment-after-conversion',
  'line-break-nested-f-string',
  'nesting-conversions',
  'nesting-debug',
  'nesting-in-nested-f-string',
  'nesting-second-field',
  'nesting-three',
  'nesting-triple',
  'quote-reuse-deep-f-strings',
  'quote-reuse-nested-f-strings',
]

/** Whether each pair of sources has the same tree, as the `ast` of a CPython prints it. */
const comparing = `
import ast, json, sys
print(json.dumps([ast.dump(ast.parse(a)) == ast.dump(ast.parse(b)) for a, b in json.load(sys.stdin)]))
`

describe.each(['3.8', '3.11'])('every f-string of PEP 701, for CPython %s', version => {
  testNeeding(needsNative(version, '3.12'))(
    'is written so that it compiles, and means the same where only its form changes',
    async () => {
      const interpreter = nativePython(version)!
      const none: string[] = []
      const pairs: [name: string, before: string, after: string][] = []
      for (const [name, string] of fStrings) {
        const source = `x = ${string}\n`
        const { sites } = await sitesIn(source, interpreter, means)
        if (sites.length === 0) continue
        if (sites.some(({ suggestion }) => suggestion === null)) {
          none.push(name)
          continue
        }
        const { text, advice } = followed(source, sites)
        expect([name, (await bench.judge(Buffer.from(text), interpreter)).kind]).toEqual([name, 'compiles'])
        if (!advice.some(each => each.includes('give the value a name'))) pairs.push([name, source, text])
      }
      expect(none).toEqual(without)
      expect(pairs.length).toBeGreaterThan(60)
      expect(different(pairs)).toEqual([])
    },
  )
})

/** The names of the pairs that CPython 3.12 finds to differ. */
function different(pairs: readonly (readonly [name: string, before: string, after: string])[]): string[] {
  const input = JSON.stringify(pairs.map(([, before, after]) => [before, after]))
  const same: boolean[] = JSON.parse(
    execFileSync(nativePython('3.12')!.executable!, ['-I', '-c', comparing], { input, encoding: 'utf8' }),
  )
  return pairs.flatMap(([name], index) => (same[index] ? [] : [name]))
}
