import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { errorSites } from '../../src/diagnosis/error-sites.ts'
import { isSimpleStatement, nodesBelow } from '../../src/diagnosis/python-nodes.ts'
import { loadNativeSyntax, loadSyntax, loadWasmSyntax } from '../../src/diagnosis/syntax.ts'
import { embeddedInterpreters } from '../../src/interpreters/embedded.ts'
import { openJudge } from '../../src/interpreters/judge.ts'
import type { SiteList } from '../../src/model/finding.ts'
import { minorVersion } from '../../src/model/interpreter.ts'
import type { Verdict } from '../../src/model/verdict.ts'
import { sitesIn } from '../support/error-sites.ts'
import { nativePython, needsNative } from '../support/native.ts'
import { testNeeding } from '../support/needs.ts'
import { sharedCache } from '../support/shared-folder.ts'
import { fStrings, moduleOf } from './f-string-corpus.ts'

const bench = openJudge({ jobs: 2, cacheDirectory: sharedCache })
afterAll(() => bench[Symbol.asyncDispose]())
const means = { judge: bench.judge, sameTree: bench.sameTree, syntax: await loadSyntax() }
const native = await loadNativeSyntax()
const embedded = embeddedInterpreters().find(({ version }) => minorVersion(version) === '3.11')!

const linesOf = ({ sites }: SiteList) => sites.map(({ start }) => start?.line)

describe('every error of a file', () => {
  test.each<[string, string, number[]]>([
    ['statements', 'x = = 1\ny = 2\nz = = 3\nx = = 4\n', [1, 3, 4]],
    ['in one line', 'x = = 1; y = 2\nz = 3; x = = 4\n', [1, 2]],
    [
      'headers',
      'for x in y z:\n  break\nelse:\n  pass\ndef f(a b):\n  return 1\nclass A(x y):\n  z = = 1\n',
      [1, 5, 7, 8],
    ],
    ['clauses', 'try:\n  pass\nexcept A B as c:\n  x = = 1\nelse z:\n  pass\nfinally:\n  y y\n', [3, 4, 5, 8]],
    ['coroutines', 'async def f(a b):\n  async for x in y z:\n    break\n  async with p q:\n    await x\n', [1, 2, 4]],
    ['decorators', '@a b\n@c\ndef f():\n  return = 1\n', [1, 4]],
    ['over several lines', 'x = foo(\n  a b,\n  c,\n)\ny = [\n  1 2\n]\n', [2, 6]],
    ['found after parsing', 'return 1\ndef f(a, a):\n  x = 1\n  global x\nbreak\n', [1, 2, 4, 5]],
    ['before and behind an f-string', "x = = 1\nf'{a b}'\ny = = f'{a}'\n", [1, 2, 3]],
    ['indentation', 'x = 1\n  y = 2\nz = = 3\n', [2, 3]],
    ['a suite that is missing', 'if x:\ny = 1\nz = = 1\n', [2, 3]],
    ['from __future__', "'doc'\nfrom __future__ import nothing\nfrom __future__ import annotations\nx = = 1\n", [2, 4]],
    ['nonlocal, where a name like it was masked', 'def f():\n  debug = = 1\n  def g():\n    nonlocal b\n', [2, 4]],
    ['a string that is not closed, just below', "raise a b\nf'{'a\na = 1\n", [1, 2]],
    ['a bracket that is not closed, just below', "raise 'a' b\n  \nx = (\n", [1, 3]],
    ['clauses of one line', "if x: print 'a'\nelse: print 'b' % (1,\n  2)\nx = = 1\n", [1, 2, 4]],
    ['Python 2', "print 'a'\nexec 'b'\nx = 0777\n`y`\n", [1, 2, 3, 4]],
  ])('%s', async (_name, source, lines) => {
    expect(linesOf(await sitesIn(source, embedded, means))).toEqual(lines)
  })
})

describe('no place that is only there because of a mask', () => {
  test.each<[string, string, number[]]>([
    ['a bracket that is never closed', 'x = foo(\n  a,\n  b\ny = 3\nz = 4\n', [1]],
    ['a triple-quoted string that is never closed', 'x = 1\ny = """a\ndef\n  it is\n', [2]],
    ['a missing colon', 'if x\n  y = 1\nelse:\n  y = 2\nz = 1\n', [1]],
    ['a header too short for a mask', 'try\n  y = 1\nexcept A:\n  y = 2\nz = 1\n', [1]],
    ['what a masked loop held', 'while x y:\n  break\nelse:\n  z = 1\n', [1]],
    ['what a masked function held', 'async def f(x y):\n  await z\n  return 1\n', [1]],
    ['a name that a masked statement binds', 'def f():\n  x = = 1\n  def g():\n    nonlocal x\ny = = 1\n', [2, 5]],
    ['a docstring that is masked', `'\\x4'\nfrom __future__ import annotations\nx = = 1\n`, [1, 3]],
    ['what stood below a misspelt def', 'deff f(a):\n  return 1\nx = = 1\n', [1, 3]],
    ['what stood below a misspelt while', 'whille x:\n  break\nx = = 1\n', [1, 3]],
    ['one except* among others', 'try:\n  pass\nexcept* A:\n  pass\nexcept* B c:\n  pass\nx = = 1\n', [5, 7]],
    ['the end of a statement of which only the beginning is masked', 'x y z\nx = 1abc\n', [1, 2]],
    ['what follows in brackets', 'x = foo(\n  a b,\n  c(1,\n  2))\nx = = 1\n', [2, 5]],
    ['a line below one that breaks off', 'x = 5 +\nimport os\nfrom a import\ndef f(a): pass\n', [1, 3]],
  ])('%s', async (_name, source, lines) => {
    expect(linesOf(await sitesIn(source, embedded, means))).toEqual(lines)
  })
})

describe('an answer that may not be all of it says so', () => {
  test.each<[string, string | Uint8Array, boolean]>([
    ['statements that are wholly known', 'x = = 1\nz = = 3\n', true],
    ['a block that had to be masked', 'if x\n  y = 1\n', false],
    ['an encoding nobody knows', '# coding: no-such-thing\nx = = 1\n', false],
    ['a NUL', 'x = = 1\0\n', false],
    ['bytes that are no UTF-8', Buffer.from([0x78, 0xff, 0x0a]), false],
    ['nesting too deep', `${'('.repeat(250)}${')'.repeat(250)}\nx = = 1\n`, true],
    ['more sites than anybody reads', 'x = = 1\n'.repeat(210), false],
    ['a source too large to be parsed', `x = = 1\nz = = 3\n#${'-'.repeat(2 ** 21)}\n`, false],
  ])('%s', async (_name, source, complete) => {
    const list = await sitesIn(source, embedded, means)
    expect(list.sites.length).toBeGreaterThan(0)
    expect(list.complete).toBe(complete)
  })

  test('an interpreter that does not answer', async () => {
    const source = Buffer.from('x = = 1\nz = = 3\n')
    const verdict = (await bench.judge(source, embedded)) as Verdict & { kind: 'breaks' }
    const ask = async (): Promise<Verdict> => ({ kind: 'undecided', reason: 'it is gone' })
    const list = await errorSites(source, verdict, {
      ask,
      syntax: means.syntax,
      version: embedded.version,
      witnessesFor: () => [],
      sameTree: async () => null,
    })
    expect(list).toMatchObject({ sites: [{ start: { line: 1, column: 5 } }], complete: false })
  })
})

test("places are the original's, and the words the interpreter's", async () => {
  const { sites } = await sitesIn("x = f'{a['𐀀𐀀']}', é c\ny = = '𐀀'; z = = 1\n", embedded, means)
  expect(sites.map(({ start, end, message }) => [start, end, message])).toEqual([
    [{ line: 1, column: 11 }, { line: 1, column: 13 }, "f-string: unmatched '['"],
    [{ line: 1, column: 21 }, { line: 1, column: 22 }, 'invalid syntax'],
    [{ line: 2, column: 5 }, { line: 2, column: 6 }, 'invalid syntax'],
    [{ line: 2, column: 16 }, { line: 2, column: 17 }, 'invalid syntax'],
  ])
})

test('a file in another encoding that stops at lines next to one another', async () => {
  const source = Buffer.from("# coding: latin-1\nx = = 1\ny = = '\xe9'\nz = 1\nx = = 2\n", 'latin1')
  expect(linesOf(await sitesIn(source, embedded, means))).toEqual([2, 3, 5])
})

test('the place is the one that the interpreter names, even where it names what is behind the f-string', async () => {
  const { sites } = await sitesIn(`x = (\n  f'{"\\n".join(a)}'\n  'more'\n)\n`, embedded, means)
  expect(sites.map(({ start, feature }) => [start?.line, feature?.id])).toEqual([[4, 'f-string-backslash']])
})

test.each([
  ['Latin-1', Buffer.from("# coding: latin-1\nx = 'é' + f'{a['é']}'\ny = = 'é'\n", 'latin1')],
  ['a byte order mark', Buffer.from("\uFEFF# x\nx = 'é' + f'{a['é']}'\ny = = 'é'\n")],
])('in a source with %s', async (_name, source) => {
  const { sites, complete } = await sitesIn(source, embedded, means)
  expect({ features: sites.map(({ feature }) => feature?.id), complete }).toEqual({
    features: ['f-string-quote-reuse', undefined],
    complete: true,
  })
})

testNeeding({ name: 'the binary of tree-sitter', present: native !== null }, needsNative('3.11'))(
  'both parsers lead to the same sites',
  async () => {
    const source = `${moduleOf(fStrings.values())}if x\n  y = = 1\nz = = 2\n`
    const [one, other] = [
      { ...means, syntax: native! },
      { ...means, syntax: await loadWasmSyntax() },
    ]
    const interpreter = nativePython('3.11')!
    expect(await sitesIn(source, interpreter, one)).toEqual(await sitesIn(source, interpreter, other))
  },
)

testNeeding(needsNative('3.9'))('unclosed strings behind a try without its except', async () => {
  const source = `try:\n  x = 1\ny = 'abc\nz = "def\nw = 1\nv = = 1\n`
  const { sites } = await sitesIn(source, nativePython('3.9')!, means)
  expect(sites.map(({ start, message }) => [start?.line, message])).toEqual([
    [3, 'invalid syntax'],
    [3, 'EOL while scanning string literal'],
    [4, 'EOL while scanning string literal'],
    [6, 'invalid syntax'],
  ])
})

test.each([
  ['type A[B = int] = B\ntype C[D] = D\n', ['type-parameter-default 3.13', 'type-statement 3.12']],
  ['a = {**b for b in c}\nd = {**b, **c}\n', ['unpacking-in-comprehension 3.15']],
])('%j has %j', async (source, expected) => {
  const { sites } = await sitesIn(source, embedded, means)
  expect(sites.map(({ feature }) => `${feature?.id} ${feature?.since}`)).toEqual(expected)
})

testNeeding(needsNative('3.9'))('a name masked without the function that it is said not to be bound in', async () => {
  // Of what stands behind the f-string, the parser makes no function until it is masked.
  const source = "raise a b\na = 1\nf'{a'\na = 1\ndef f():\n  def g():\n    nonlocal b\n  a = 1\n"
  const { sites, complete } = await sitesIn(source, nativePython('3.9')!, means)
  expect([sites.map(({ start }) => start?.line), complete]).toEqual([[1, 3, 7], true])
})

testNeeding(needsNative('3.8'))('an f-string of which the interpreter gives no place has its own', async () => {
  const { sites, complete } = await sitesIn("x = f'{a b} {a b}'\ny = f'{a b} {a b}'\n", nativePython('3.8')!, means)
  expect({ starts: sites.map(({ start }) => start), complete }).toEqual({
    starts: [
      { line: 1, column: 5 },
      { line: 2, column: 5 },
    ],
    complete: true,
  })
})

describe('in files of a standard library', () => {
  const broken = '_ = = _'

  testNeeding(needsNative('3.11'))('the lines that were broken, and no other', async () => {
    const interpreter = nativePython('3.11')!
    const directory = execFileSync(interpreter.executable!, [
      '-I',
      '-c',
      'import os; print(os.path.dirname(os.__file__))',
    ])
    for (const name of ['dataclasses.py', 'shutil.py']) {
      const text = await readFile(join(directory.toString().trim(), name), 'utf8')
      const source = withLines(text, broken, 25)
      const expected = source.split('\n').flatMap((line, index) => (line.trim() === broken ? [index + 1] : []))
      expect(expected.length).toBeGreaterThan(10)
      const list = await sitesIn(source, interpreter, means)
      expect([name, linesOf(list), list.complete]).toEqual([name, expected, true])
    }
  })

  /** Puts `line` in front of every so many-th statement that has a line of its own. */
  function withLines(text: string, line: string, distance: number): string {
    const suites = [...nodesBelow(means.syntax.parse(text))].filter(({ type }) => type === 'block' || type === 'module')
    const starts = suites.flatMap(suite => suite.children.filter(isSimpleStatement).map(child => child.startIndex))
    const chosen = starts.sort((a, b) => a - b).filter((_, index) => index % distance === distance - 1)
    return chosen.reduceRight((result, start) => {
      const indentation = /[^\n]*$/.exec(text.slice(0, start))![0]
      return indentation.trim() === ''
        ? `${result.slice(0, start)}${line}\n${indentation}${result.slice(start)}`
        : result
    }, text)
  }
})
