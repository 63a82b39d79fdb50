import { afterAll, describe, expect } from 'vitest'
import { loadSyntax } from '../../src/diagnosis/syntax.ts'
import { openJudge } from '../../src/interpreters/judge.ts'
import type { SiteList } from '../../src/model/finding.ts'
import { embeddedPython } from '../support/embedded-python.ts'
import { sitesIn } from '../support/error-sites.ts'
import { nativePython, needsNative } from '../support/native.ts'
import { testNeeding } from '../support/needs.ts'
import { embeddedTokenizer, nativeTokenizer, type RejectedString } from '../support/pep-701.ts'
import { ruffPlaces } from '../support/ruff.ts'
import { sharedCache } from '../support/shared-folder.ts'
import { fStrings, moduleOf, templateStrings } from './f-string-corpus.ts'

const bench = openJudge({ jobs: 2, cacheDirectory: sharedCache })
afterAll(() => bench[Symbol.asyncDispose]())
const means = { judge: bench.judge, sameTree: bench.sameTree, syntax: await loadSyntax() }

const before701 = ['3.8', '3.9', '3.10', '3.11']
const names = [...fStrings.keys()]
const sources = names.map(name => `a = 1\nx = ${fStrings.get(name)}\ny = 2\n`)
const everyString = moduleOf(fStrings.values())

/** What CPython 3.12 as a tokenizer says of the sources, and of the module. */
const rejected = nativePython('3.12')
  ? nativeTokenizer(nativePython('3.12')!.executable!)([...sources, everyString])
  : [...sources, everyString].map(() => [])

/** Our places as the other parser has them: the feature, in the logical line that it gives. */
function expectSites({ sites, complete }: SiteList, strings: readonly RejectedString[]): void {
  expect({ features: sites.map(({ feature }) => feature?.id), complete }).toEqual({
    features: strings.map(({ kinds: [kind] }) => kind),
    complete: true,
  })
  for (const [index, { first, last }] of strings.entries()) {
    expect([first, sites[index]!.start!.line, last]).toEqual([first, sites[index]!.start!.line, last].sort(byNumber))
  }
}

const byNumber = (a: number, b: number) => a - b

describe.each(before701)('CPython %s stops where the tokenizer of another CPython finds something wrong', version => {
  const testIt = testNeeding(needsNative(version, '3.12'))

  for (const [index, name] of names.entries()) {
    testIt(name, async () => {
      expectSites(await sitesIn(sources[index]!, nativePython(version)!, means), rejected[index]!)
    })
  }

  testIt('in a module of them all', async () => {
    expectSites(await sitesIn(everyString, nativePython(version)!, means), rejected.at(-1)!)
  })

  for (const [name, ending] of [
    ['CR LF', '\r\n'],
    ['CR', '\r'],
  ] as const) {
    testIt(`with ${name} line endings`, async () => {
      const plain = await sitesIn(everyString, nativePython(version)!, means)
      const other = await sitesIn(everyString.replaceAll('\n', ending), nativePython(version)!, means)
      const lines = (list: SiteList) => list.sites.map(({ start, feature }) => [start?.line, feature?.id])
      expect(lines(other)).toEqual(lines(plain))
    })
  }
})

/**
 * Where ruff, which has a parser of its own, names less. It counts no fields in one another. And of a field that it has shown a comment
 * in it does not say that the field has two lines as well; CPython 3.11 finds that one first: `unterminated string literal`.
 */
const notOfRuff: ReadonlySet<string> = new Set([
  ...names.filter(name => rejected[names.indexOf(name)]!.some(({ kinds }) => kinds.includes('f-string-nesting'))),
  'line-break-comment',
])

describe("ruff's parser finds the same", () => {
  for (const [index, name] of names.entries()) {
    testNeeding(needsNative('3.11', '3.12'))(name, async () => {
      const { sites } = await sitesIn(sources[index]!, nativePython('3.11')!, means)
      const theirs = ruffPlaces(sources[index]!, '3.11')
      const kinds = new Set(theirs.map(({ kind }) => kind))
      const missed = sites.map(({ feature }) => feature!.id).filter(kind => !kinds.has(kind))
      expect(missed.length > 0).toBe(notOfRuff.has(name))
      const within = (line: number) => rejected[index]!.some(({ first, last }) => first <= line && line <= last)
      expect(theirs.filter(({ line }) => !within(line))).toEqual([])
    })
  }
})

/** What CPython 3.14 as a tokenizer says of template strings, which none before knows. */
const rejectedTemplates = embeddedTokenizer(await embeddedPython('3.14'))(
  Array.from(templateStrings.values(), string => `a = 1\nx = ${string}\ny = 2\n`),
)

describe.each(['3.11', '3.13'])('CPython %s stops at template strings, too', version => {
  for (const [index, [name, string]] of [...templateStrings].entries()) {
    testNeeding(needsNative(version))(name, async () => {
      const source = `a = 1\nx = ${string}\ny = 2\n`
      const list = await sitesIn(source, nativePython(version)!, means)
      const theirs = rejectedTemplates[index]!.flatMap(each => rejectedBy(version, each))
      expectSites(list, theirs)
      const named = new Set(ruffPlaces(source, version).map(({ kind }) => kind))
      expect(theirs.filter(({ kinds: [kind] }) => !named.has(kind))).toEqual([])
    })
  }
})

/** What is left of it for a version: one from 3.12 on takes everything but template strings. */
function rejectedBy(version: string, string: RejectedString): RejectedString[] {
  const [kind, ...more] = string.kinds.filter(each => each === 't-string' || before701.includes(version))
  return kind === undefined ? [] : [{ ...string, kinds: [kind, ...more] }]
}

testNeeding(needsNative('3.12', '3.13'))('CPython 3.13 as a tokenizer finds what 3.12 finds', () => {
  expect(nativeTokenizer(nativePython('3.13')!.executable!)([...sources, everyString])).toEqual(rejected)
})
