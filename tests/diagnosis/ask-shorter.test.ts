import { afterAll, describe, expect } from 'vitest'
import { askShorter } from '../../src/diagnosis/ask-shorter.ts'
import { openJudge } from '../../src/interpreters/judge.ts'
import type { Interpreter } from '../../src/model/interpreter.ts'
import type { Verdict } from '../../src/model/verdict.ts'
import { nativePython } from '../support/native.ts'
import { testNeeding } from '../support/needs.ts'
import { sharedCache } from '../support/shared-folder.ts'
import { breakingStatements } from './planted-breaks.ts'

const bench = openJudge({ jobs: 2, cacheDirectory: sharedCache })
afterAll(() => bench[Symbol.asyncDispose]())

const methods = (indentation: string) =>
  Array.from(
    { length: 40 },
    (_, i) => `@staticmethod\ndef f${i}(self):\n\tif self:\n\t\treturn ${i}\n\telse:\n\t\tx = 1\n`,
  )
    .join('')
    .replaceAll(/^(\t*)(?=.)/gm, (_, tabs: string) => indentation + tabs.replaceAll('\t', indentation))

/** What is easily taken for an end of something, or for a beginning. */
const surroundings = [
  `class A(B):\n    """Says\nclass C:\n    def f(self):\n    """\n${methods('    ')}`,
  `@decorated(\n  1)\n@again\nclass D:\n\n\t# tabs\n\n${methods('\t')}`,
  `"""\nclass E:\n    x = 1\n${'text\n'.repeat(900)}"""\n`,
  `if x:\n  class F:\n${methods('    ')}\n  y = 1\nelse:\n  y = 2\n`,
  `def g(a,\n      b):\n${methods('  ')}`,
  `class G( # of H:\n    H):\n${methods('    ')}`,
  `x = 1 + \\\n2 # \\\n${'y = [\n1,\n]\n'.repeat(500)}`,
  `try:\n  pass\nexcept A:\n${methods('  ')}finally:\n  x = (1,\n2)\n`,
]

/** Every breaking statement among all that, and the same file with the first of them masked, the first two, … */
function textsOf(lineBreak: string): string[] {
  const parts = breakingStatements
    .filter((_, i) => i % 3 === 0)
    .flatMap((text, i) => {
      const around = i % 6 === 0 ? [surroundings[(i / 6) % surroundings.length]!] : []
      return [...around, i % 3 === 1 ? `${text.replaceAll(/^/gm, '    ')}\n` : `${text}\n`]
    })
  return parts.map((_, i) =>
    parts
      .map((part, j) => (j < i && !surroundings.includes(part) ? part.replaceAll(/[^\r\n]/g, '#') : part))
      .join('')
      .replaceAll('\n', lineBreak),
  )
}

/** Functions, and methods of one class, with a place each at which every version stops. */
const regular = Array.from({ length: 60 }, (_, mended) => {
  const many = (indentation: string, from: number) =>
    Array.from({ length: 30 }, (_, i) => {
      const lines = ['def f(self):', `  x ${from + i < mended ? '== ' : '= ='}${' 1'.padEnd(702, ' + 1')}`, '', '']
      return lines.map(line => (line === '' ? '' : indentation + line)).join('\n')
    }).join('')
  return `${many('', 0)}\nclass A:\n${many('  ', 30)}`
})

/** Long enough that what is above is worth leaving out. */
const long = Array.from({ length: 8 }, (_, i) => `  v${i} = 1${' + 1'.repeat(200)}\n`).join('')

/** A block that is not the first one's, which a string hides from view; what is imported within a block for the whole file. */
const deceptive = [
  `class A:\n  x = 1\nif y:\n  z = """\n${'a\n'.repeat(4)}"""\n${long}BREAKS\nelse:\n  y = = 1\n`,
  `class A:\n  x = 1\n  \fif y:\n${long}BREAKS\nelse:\n  y = = 1\n`,
  `class A:\n  from __future__ import print_function\n${long}BREAKS\n  print 'a'\n`,
  `class A:\n  from __future__ import barry_as_FLUFL\n${long}BREAKS\n  a <> b\n`,
].map(text =>
  Array.from({ length: 8 }, (_, mended) => {
    const places = Array.from({ length: 7 }, (_, i) => `  x ${i < mended ? '== ' : '= ='} 1\n${long}`)
    return text.replace('BREAKS\n', places.join(''))
  }),
)

/** What the interpreter is asked to parse, in characters, as a part of what it would be asked without. */
async function partAsked(texts: readonly string[], interpreter: Interpreter): Promise<number> {
  let [asked, all] = [0, 0]
  const ask = (text: string) => bench.judge(Buffer.from(text), interpreter)
  const read = (text: string, verdict: Verdict) => {
    const lines = verdict.kind === 'breaks' && verdict.at !== null ? verdict.at.line : Number.POSITIVE_INFINITY
    return text.split(/\r?\n/).slice(0, lines).join('').length
  }
  const shorter = askShorter(async text => {
    const verdict = await ask(text)
    asked += read(text, verdict)
    return verdict
  }, texts[0]!)
  for (const [i, text] of texts.entries()) {
    const verdict = await ask(text)
    all += read(text, verdict)
    expect([i, await shorter(text)]).toEqual([i, verdict])
  }
  return asked / all
}

describe.each([
  ['2.7', '\n'],
  ['3.6', '\n'],
  ['3.9', '\r\n'],
  ['3.13', '\n'],
])('CPython %s', (version, lineBreak) => {
  const interpreter = nativePython(version)
  const testIt = testNeeding({ name: `CPython ${version}`, present: interpreter !== undefined })

  testIt('gives the same answers', async () => {
    await partAsked(textsOf(lineBreak), interpreter!)
  })

  testIt('gives the same answers below what is easily taken for a block', async () => {
    for (const texts of deceptive) await partAsked(texts, interpreter!)
  })

  testIt('has little parsed again, also in a long class', async () => {
    expect(await partAsked(regular, interpreter!)).toBeLessThan(0.4)
  })
})
