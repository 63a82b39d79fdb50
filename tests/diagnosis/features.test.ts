import { afterAll, expect, test } from 'vitest'
import { features, takes } from '../../src/diagnosis/features.ts'
import { loadSyntax } from '../../src/diagnosis/syntax.ts'
import { findInterpreters } from '../../src/interpreters/find-interpreters.ts'
import { openJudge } from '../../src/interpreters/judge.ts'
import { compareVersions, minorVersion } from '../../src/model/interpreter.ts'
import { sitesIn } from '../support/error-sites.ts'
import { testNeeding } from '../support/needs.ts'

const found = await findInterpreters({ environment: process.env, allow: 'auto' })
/** One of each minor version that has the `compile` that is asked for, native where there is one. */
const interpreters = found.filter(
  ({ version }, index) => index === found.findIndex(each => minorVersion(each.version) === minorVersion(version)),
)
const bench = openJudge({ jobs: 2 })
afterAll(() => bench[Symbol.asyncDispose]())
const means = { judge: bench.judge, sameTree: bench.sameTree, syntax: await loadSyntax() }

/** A source for every feature, in which it stands on the line given. */
const examples: Readonly<Record<string, readonly [line: number, source: string]>> = {
  'f-string-multiline-field': [2, `a = 1\nf'{\na}'\n`],
  'f-string-quote-reuse': [2, `a = {}\nf'{a['x']}'\n`],
  'f-string-backslash': [2, `a = []\nf'{"\\n".join(a)}'\n`],
  'f-string-comment': [3, `a = 1\nf'''{a # comment\n}'''\n`],
  'f-string-nesting': [2, `a = b = c = 1\nf'{a:{b:{c}}}'\n`],
  'f-string-debug': [2, `a = 1\nf'{a=}'\n`],
  'f-string': [2, `a = 1\nf'{a}'\n`],
  't-string': [2, `a = 1\nb = t'{a} and'\n`],
  'assignment-expression': [2, `a = 1\nif (b := a): pass\n`],
  'positional-only-parameters': [2, `a = 1\ndef f(a, /, b): return a\n`],
  'type-parameter-default': [2, `a = 1\nclass A[T = int]: pass\n`],
  'type-parameters': [2, `a = 1\ndef f[T](a: T): return a\n`],
  'type-statement': [2, `a = 1\ntype A = int\n`],
  'match-statement': [2, `a = 1\nmatch a:\n  case 1:\n    b = 2\n  case [c, *_]: pass\n`],
  'except-star': [4, `a = 1\ntry:\n  pass\nexcept* ValueError as b:\n  a = b\n`],
  'except-without-parentheses': [4, `a = 1\ntry:\n  pass\nexcept ValueError, error:\n  pass\n`],
  'parenthesized-context-managers': [2, `a = b = 1\nwith (a as c, b as d):\n  pass\n`],
  'relaxed-decorator': [2, `a = {}\n@a['x'].y\ndef f(): pass\n`],
  'unpacking-in-return': [3, `a = []\ndef f():\n  return 1, *a\n`],
  'unpacking-in-index': [2, `a = b = {}\na[*b]\n`],
  'lazy-import': [2, `a = 1\nlazy import b\n`],
  'unpacking-in-comprehension': [2, `a = [[1]]\nb = [*c for c in a]\n`],
  'bare-assignment-expression': [2, `a = [1]\na[b := 0]\n`],
  'unpacking-in-for': [2, `a = [1]\nfor b in *a, *a: pass\n`],
  'async-as-name': [2, `a = 1\nasync = a\n`],
  'print-statement': [2, `a = 1\nprint a\n`],
  'exec-statement': [2, `a = 1\nexec 'a'\n`],
  backticks: [2, `a = 1\nb = \`a\`\n`],
  'octal-literal': [2, `a = 1\nb = 0777\n`],
  'long-literal': [2, `a = 1\nb = 10L\n`],
  'ur-string': [2, `a = 1\nb = ur'x'\n`],
  'unequal-by-brackets': [2, `a = 1\nb = a <> 2\n`],
  'raise-with-comma': [2, `a = 1\nraise ValueError, 'x'\n`],
  'tuple-parameter': [2, `a = 1\ndef f((b, c)): pass\n`],
  'mixed-tabs': [3, `if 1:\n        a = 1\n\ta = 2\n`],
  'unpacked-annotation': [2, `a = []\ndef f(*args: *a): pass\n`],
}

test('there is an example of every feature', () => {
  expect(Object.keys(examples).sort()).toEqual(features.map(({ id }) => id).sort())
})

for (const { id, since, until } of features) {
  const [line, source] = examples[id]!
  const takers = interpreters.filter(({ version }) => takes({ since, until }, version))
  const rejecters = interpreters.filter(each => !takers.includes(each))
  const range = [since === null ? [] : `from ${since}`, until === null ? [] : `before ${until}`].flat().join(' or ')

  testNeeding(
    { name: `a CPython ${range}`, present: takers.length > 0 },
    { name: `a CPython not ${range}`, present: rejecters.length > 0 },
  )(`${id}: ${range}`, async () => {
    const verdicts = await Promise.all(interpreters.map(each => bench.judge(Buffer.from(source), each)))
    const expected = interpreters.map(each => (takers.includes(each) ? 'compiles' : 'breaks'))
    expect(verdicts.map(({ kind }) => kind)).toEqual(expected)
    for (const rejecter of until === null ? rejecters.slice(-1) : rejecters.slice(-2)) {
      const { sites, complete } = await sitesIn(source, rejecter, means)
      expect({ sites: sites.map(site => [site.start?.line, site.feature?.id]), complete }).toEqual({
        sites: [[line, id]],
        // What a wrong indentation hides is not known.
        complete: id !== 'mixed-tabs',
      })
    }
  })
}

test.each([
  ['names that are keywords only sometimes', `match = case = type = 1\nmatch[case]\ntype(match)\nx = = 1\n`],
  ['a known construct beside an error', `match x:\n  case 1:\n    y = = 2\n`],
  ['a generic type with something like a default', `x: list[int = 3] = 2\n`],
  ['an error of every version in an f-string', `f'{a b}'\n`],
  ['a plain string beside a name', `x = a 'b'\n`],
])('%s is no feature', async (_name, source) => {
  const newest = interpreters.findLast(({ version }) => compareVersions(version, '3.11') >= 0)!
  const oldest = interpreters.find(({ version }) => compareVersions(version, '3.10') >= 0)!
  for (const interpreter of [oldest, newest]) {
    const { sites } = await sitesIn(source, interpreter, means)
    expect(sites.map(({ feature }) => feature)).toEqual([null])
  }
})
