import { afterAll, describe, expect, test } from 'vitest'
import { features, takes } from '../../src/diagnosis/features.ts'
import { loadSyntax } from '../../src/diagnosis/syntax.ts'
import { openJudge } from '../../src/interpreters/judge.ts'
import { compareVersions, minorVersion } from '../../src/model/interpreter.ts'
import { fixturesIn } from '../interpreters/sources.ts'
import { sitesIn } from '../support/error-sites.ts'
import { allPythons } from '../support/native.ts'
import { testNeeding } from '../support/needs.ts'
import { sharedCache } from '../support/shared-folder.ts'

/** One of each minor version that has the `compile` that is asked for, native where there is one. */
const interpreters = allPythons.filter(
  ({ version }, index) => index === allPythons.findIndex(each => minorVersion(each.version) === minorVersion(version)),
)
const bench = openJudge({ jobs: 2, cacheDirectory: sharedCache })
afterAll(() => bench[Symbol.asyncDispose]())
const means = { judge: bench.judge, sameTree: bench.sameTree, syntax: await loadSyntax() }

/** By name: `ID.py` has the feature, on its second line but for those named here; `ID.near.py` has something like it, and not the feature. */
const { sources } = fixturesIn('features')
const lines: Readonly<Record<string, number>> = {
  'f-string-comment': 3,
  'except-star': 4,
  'except-without-parentheses': 4,
  'unpacking-in-return': 3,
  'mixed-tabs': 3,
  'continue-in-finally': 4,
}

test('there is an example of every feature, and a near miss', () => {
  const expected = features.flatMap(({ id }) => [`${id}.near.py`, `${id}.py`])
  expect([...sources.keys()].sort()).toEqual(expected.sort())
})

for (const { id, since, until } of features) {
  const source = sources.get(`${id}.py`)!
  const takers = interpreters.filter(({ version }) => takes({ since, until }, version))
  const rejecters = interpreters.filter(each => !takers.includes(each))
  const range = [since === null ? [] : `from ${since}`, until === null ? [] : `before ${until}`].flat().join(' or ')

  testNeeding(
    { name: `a CPython ${range}`, present: takers.length > 0 },
    { name: `a CPython not ${range}`, present: rejecters.length > 0 },
  )(`${id}: ${range}`, async () => {
    const verdicts = await Promise.all(interpreters.map(each => bench.judge(source, each)))
    const expected = interpreters.map(each => (takers.includes(each) ? 'compiles' : 'breaks'))
    expect(verdicts.map(({ kind }) => kind)).toEqual(expected)
    for (const rejecter of until === null ? rejecters.slice(-1) : rejecters.slice(-2)) {
      const { sites, complete } = await sitesIn(source, rejecter, means)
      expect({ sites: sites.map(site => [site.start?.line, site.feature?.id]), complete }).toEqual({
        sites: [[lines[id] ?? 2, id]],
        // What a wrong indentation hides is not known.
        complete: id !== 'mixed-tabs',
      })
    }
  })
}

describe('a near miss is taken for no feature that it has not', () => {
  for (const { id, since, until } of features) {
    const rejecters = interpreters.filter(({ version }) => !takes({ since, until }, version))
    testNeeding({ name: 'a CPython without it', present: rejecters.length > 0 })(id, async () => {
      for (const rejecter of rejecters.slice(-2)) {
        const { sites } = await sitesIn(sources.get(`${id}.near.py`)!, rejecter, means)
        expect([rejecter.version, sites.map(({ feature }) => feature?.id)]).toEqual([rejecter.version, []])
      }
    })
  }
})

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
