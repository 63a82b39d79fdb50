import { afterAll, describe, expect, test } from 'vitest'
import { loadSyntax } from '../../src/diagnosis/syntax.ts'
import { openJudge } from '../../src/interpreters/judge.ts'
import { sitesIn } from '../support/error-sites.ts'
import { nativePython, needsNative } from '../support/native.ts'
import { testNeeding } from '../support/needs.ts'
import { sharedCache } from '../support/shared-folder.ts'
import { followed } from './followed.ts'

const bench = openJudge({ jobs: 2, cacheDirectory: sharedCache })
afterAll(() => bench[Symbol.asyncDispose]())
const means = { judge: bench.judge, sameTree: bench.sameTree, syntax: await loadSyntax() }

async function suggestedFor(version: string, source: string) {
  const interpreter = nativePython(version)!
  const { sites } = await sitesIn(source, interpreter, means)
  const { text, advice } = followed(source, sites)
  const verdict = await bench.judge(Buffer.from(text), interpreter)
  return { text, advice, verdict: verdict.kind }
}

const swap = 'use the other quotes inside the field'
const triple = 'put triple quotes around the f-string'
const name = 'give the value a name on the line before'
const oneLine = 'write the field on one line'
const noComment = 'take the comment out of the field'
const noSpace = 'leave the white space behind the conversion out'
const parentheses = 'put the tuple in parentheses'

describe('what can be written so that the interpreter takes it', () => {
  for (const [version, source, expected, ...advice] of [
    ['3.11', `x = f"{a["b"]}"\n`, `x = f"{a['b']}"\n`, swap],
    ['3.11', `x = f'{a['b']} and {c['d']}'\n`, `x = f'{a["b"]} and {c["d"]}'\n`, swap],
    ['3.11', `x = f"{f"{b}"}"\n`, `x = f"{f'{b}'}"\n`, swap],
    ['3.11', `x = f"{a["it's"]} b"\n`, `x = f"""{a["it's"]} b"""\n`, triple],
    ['3.11', `x = f"b {a["it's"]}" # c\n`, `x = f"""b {a["it's"]}""" # c\n`, triple],
    ['3.11', `x = f"{f"{f"{1}"}"}"\n`, null, '-'],
    [
      '3.11',
      `def g(e):\n    return f"data: {json.dumps({\n        'id': e,\n    })}"\n`,
      `def g(e):\n    return f"data: {json.dumps({'id': e,})}"\n`,
      oneLine,
    ],
    ['3.11', `x = f"{json.dumps({\n  "id": 1,\n})}"\n`, `x = f"{json.dumps({'id': 1,})}"\n`, `${oneLine}, and ${swap}`],
    ['3.11', `x = f"{a + # why\nb}"\n`, `x = f"{a + b}"\n`, `${noComment}, and ${oneLine}`],
    ['3.11', `x = f"""{a # why\n}"""\n`, `x = f"""{a\n}"""\n`, noComment],
    ['3.11', "x = f'{a!r :{b!s }}'\n", "x = f'{a!r:{b!s}}'\n", noSpace],
    ['3.11', "x = f'{a['b']!r\n}'\n", `x = f'{a["b"]!r}'\n`, `${oneLine}, and ${swap}`],
    ['3.11', `if y:\n\tx = f"{'\\n'.join(a)}"\n`, `if y:\n\tvalue = '\\n'.join(a)\n\tx = f"{value}"\n`, name],
    [
      '3.11',
      `value = 1\nprint(f"{'\\n'.join(a)}{b}", f"{'\\t'.join(c)}")\n`,
      `value = 1\nvalue_2 = '\\n'.join(a)\nvalue_3 = '\\t'.join(c)\nprint(f"{value_2}{b}", f"{value_3}")\n`,
      name,
      name,
    ],
    ['3.11', `x = "é" f"{a["b"]}"\r\ny = 1\r\n`, `x = "é" f"{a['b']}"\r\ny = 1\r\n`, swap],
    // Nowhere to compute it before: what it names is bound in the comprehension, or it may not be reached.
    ['3.11', `x = [f"{'\\n'.join(a)}" for a in b]\n`, null, '-'],
    ['3.11', `x = a and f"{'\\n'.join(a)}"\n`, null, '-'],
    ['3.11', `x = lambda a: f"{'\\n'.join(a)}"\n`, null, '-'],
    ['3.11', `while f"{'\\n'.join(a)}": pass\n`, null, '-'],
    ['3.11', `y = 1; x = f"{'\\n'.join(a)}"\n`, null, '-'],
    ['3.11', `x = [f"{a["b"]}" for a in b]\n`, `x = [f"{a['b']}" for a in b]\n`, swap],
    [
      '3.13',
      `try: pass\nexcept A, B:\n  pass\n`,
      `try: pass\nexcept (A, B):\n  pass\n`,
      'put the types in parentheses',
    ],
    [
      '3.13',
      `try: pass\nexcept A, e:\n  f(e)\n`,
      `try: pass\nexcept A as e:\n  f(e)\n`,
      'write as instead of the comma',
    ],
    ['3.8', `with (a as b, c as d):\n  pass\n`, `with a as b, c as d:\n  pass\n`, 'leave the parentheses out'],
    [
      '3.8',
      `with (\n  a as b,\n  c as d,\n):\n  pass\n`,
      `with a as b, c as d:\n  pass\n`,
      'leave the parentheses out',
    ],
    [
      '3.8',
      `@a['b'].c\ndef f(): pass\n`,
      `value = a['b'].c\n@value\ndef f(): pass\n`,
      'give the decorator a name on the line before',
    ],
    ['3.7', `def f():\n  return 1, *a\n`, `def f():\n  return (1, *a)\n`, parentheses],
    ['3.8', `for a in *b, 1: pass\n`, `for a in (*b, 1): pass\n`, parentheses],
    ['3.10', `a[*b]\n`, `a[(*b,)]\n`, parentheses],
    ['3.10', `a[1, *b]\n`, `a[(1, *b)]\n`, parentheses],
    ['3.10', `a[*b.c, *d[0]]\n`, `a[(*b.c, *d[0])]\n`, parentheses],
    ['3.10', `def f(a: b[*c]): pass\n`, `def f(a: b[(*c,)]): pass\n`, parentheses],
    ['3.7', `def f():\n  return a, *b[1:]\n`, `def f():\n  return (a, *b[1:])\n`, parentheses],
    ['3.7', `def f():\n  yield *a, *b.c(d)\n`, `def f():\n  yield (*a, *b.c(d))\n`, parentheses],
    ['3.7', `a: b = 1, 2\n`, `a: b = (1, 2)\n`, parentheses],
    ['3.9', `a[b := 1]\n`, `a[(b := 1)]\n`, 'put the assignment in parentheses'],
    [
      '3.7',
      `def f(a, /, b): pass\n`,
      `def f(a, b): pass\n`,
      'leave the / out, if no caller passes such a parameter by name',
    ],
    ['3.11', `type A = int\n`, `A = int\n`, 'assign the type to its name'],
    ['3.11', `print a, b\n`, `print(a, b)\n`, 'call print'],
    ['3.11', `print >>f, a\nexec a in b\n`, `print >>f, a\nexec(a, b)\n`, 'call exec'],
    ['3.11', 'a = `b`\n', 'a = repr(b)\n', 'call repr'],
    ['3.11', 'a = 0777\nb = 10L\n', 'a = 0o777\nb = 10\n', 'write 0o before the digits', 'leave the L out'],
    ['3.11', 'a = 1 <> 2\n', 'a = 1 != 2\n', 'write != for <>'],
    ['3.11', `a = ur'x'\n`, `a = r'x'\n`, 'leave the u out'],
    ['3.11', `raise A, 'x'\n`, `raise A('x')\n`, 'call the exception'],
    ['3.11', `match a:\n  case 1: f"{a["b"]}"\ndef f[T](): pass\n`, null, swap, '-'],
  ] as const) {
    testNeeding(needsNative(version))(`${version}: ${JSON.stringify(source)}`, async () => {
      const found = await suggestedFor(version, source)
      expect(found.advice).toEqual(advice)
      if (expected !== null) expect(found).toEqual({ text: expected, advice, verdict: 'compiles' })
    })
  }
})

test('a file in which something else stays broken gets no suggestion that was not checked', async () => {
  const found = await suggestedFor('3.11', `x = f"{a["b"]}"\ny = "\n`)
  expect(found.advice).toEqual([swap, '-'])
})

testNeeding(needsNative('3.11', '3.12'))(
  'a swap of quotes is seen to keep the tree, by an interpreter that takes both',
  async () => {
    const tree = async (source: string) => {
      const { sites } = await sitesIn(source, nativePython('3.11')!, means)
      return sites.map(({ suggestion }) => suggestion?.sameTree)
    }
    expect(await tree(`x = f"{a["b"]}"\ny = f"{a["c"]}"\n`)).toEqual([true, true])
    expect(await tree(`x = f"{'\\n'.join(a)}"\n`)).toEqual([null])
    // What the field prints is its source, quotes and all.
    expect(await tree(`x = f"{a["b"]=}"\n`)).toEqual([true])
  },
)

testNeeding(needsNative('3.11', '3.12'))('versions are claimed only where both sides confirm them', async () => {
  const claimed = async (source: string) => {
    const { sites } = await sitesIn(source, nativePython('3.11')!, means)
    return sites.map(({ feature }) => feature && [feature.id, feature.since, feature.until])
  }
  expect(await claimed(`x = f"{a["b"]}"\n`)).toEqual([['f-string-quote-reuse', '3.12', null]])
  expect(await claimed('print a\n')).toEqual([['print-statement', null, nativePython('2.7') ? '3.0' : null]])
  // Python 2 has no such clause, though it takes the comma in one without a star.
  expect(await claimed('try: pass\nexcept* A, B: pass\n')).toEqual([['except-without-parentheses', '3.14', null]])
  // The search is given up before the end; the whole is taken by a witness.
  const many = await claimed('def f[T](): pass\n'.repeat(205))
  expect(many[0]).toEqual(['type-parameters', '3.12', null])
  expect(await claimed(`${'def f[T](): pass\n'.repeat(205)}x = = 1\n`)).toContainEqual(['type-parameters', null, null])
  // No version takes two stars, though type parameters may have them.
  expect(await claimed('def f[** *T](): pass\n')).toEqual([['type-parameters', null, null]])
})

describe('a site has the name of what is there', () => {
  for (const [version, source, ...names] of [
    ['3.6', `x = f'{(a := 1)}'\n`, 'assignment-expression 3.8'],
    ['3.6', `x = f'{a:{b=}}'\n`, 'f-string-debug 3.8'],
    ['3.6', `x = f'{f"{a=}"}'\n`, 'f-string-debug 3.8'],
    ['3.7', `def f():\n  return 1, *a[2:]\n`, 'unpacking-in-return 3.8'],
    ['3.8', `for a in 1, *b.c: pass\n`, 'unpacking-in-for 3.9'],
    ['3.8', `def f(*a: *b[int, *c]): pass\n`, 'unpacked-annotation 3.11', 'unpacking-in-index 3.11'],
    ['3.8', `def f(a: b[*c], *d: *c): pass\n`, 'unpacking-in-index 3.11', 'unpacked-annotation 3.11'],
    ['3.10', `class A(B[*C, D]): pass\n`, 'unpacking-in-index 3.11'],
    ['3.10', `f(a[*b], c[*d])\n`, 'unpacking-in-index 3.11', 'unpacking-in-index 3.11'],
    ['3.10', `type A[*B] = C\n`, 'type-statement 3.12'],
    [
      '3.6',
      `from __future__ import division, annotations\na: b = 1, 2\n`,
      'future-annotations 3.7',
      'tuple-in-annotated-assignment 3.8',
    ],
  ] as const) {
    testNeeding(needsNative(version, '3.12'))(`${version}: ${JSON.stringify(source)}`, async () => {
      const { sites } = await sitesIn(source, nativePython(version)!, means)
      expect(sites.map(({ feature }) => `${feature?.id} ${feature?.since}`)).toEqual(names)
    })
  }
})
