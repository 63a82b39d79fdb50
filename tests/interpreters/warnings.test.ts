import { execa } from 'execa'
import { afterAll, expect, test } from 'vitest'
import { openJudge } from '../../src/interpreters/judge.ts'
import { compareVersions, type Interpreter } from '../../src/model/interpreter.ts'
import type { SourceWarning } from '../../src/model/verdict.ts'
import { allPythons } from '../support/native.ts'
import { testNeeding } from '../support/needs.ts'
import { sharedCache } from '../support/shared-folder.ts'

const open = openJudge({ jobs: 2, cacheDirectory: sharedCache })
afterAll(() => open[Symbol.asyncDispose]())

const signature = '\ufeff'
const sources = [
  "x = '\\d'\n",
  "x = 1\nif x is 'a' or x is 5: pass\n",
  "assert (x, 'a')\n",
  "x = ['a' 'b' 'c' (1)]\n",
  'x = [(1, 2) [3, 4]]\n',
  "x = 'é'; y = '\\d \\q'\n",
  `${signature}x = 'é'; y = '\\d'\n`,
  "y = ('é', 1 is 1)\n",
  'x = """a\nb \\d\n"""\n',
  'x = 0x1for x in y\n',
  "x = '\\400'\n",
  "x = f'{1 is 1} \\d'\n",
  "x = f'{x} \\{x}'\n",
  "# coding: utf-8\nx = 'é'; y = '\\d'\n",
  'def f():\n    for i in x:\n        try: pass\n        finally: break\n',
  'def f():\n    try: pass\n    finally: return 1\n',
  "x = b'\\d'; y = '\\q'\n",
  'x = 1\n',
  "x = '\\\\d'; y = r'\\d'\n",
]

/** What CPython itself warns of, and where it says that is when it is told to take the first of them for an error. */
const program = `
import json, sys, warnings
source = sys.stdin.buffer.read()
with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter('always')
    compile(source, 'x', 'exec', dont_inherit=True)
told = sorted({(each.lineno, each.category.__name__, str(each.message)) for each in seen})
warnings.simplefilter('error')
try:
    compile(source, 'x', 'exec', dont_inherit=True)
    first = None
except SyntaxError as error:
    first = error.lineno, error.offset, error.msg
except Warning:
    first = None
print(json.dumps([told, first]))
`

type Told = readonly [line: number, category: string, message: string]

async function ask({ executable }: Interpreter, source: string) {
  const { stdout } = await execa(executable!, ['-I', '-S', '-c', program], { input: Buffer.from(source) })
  return JSON.parse(stdout) as [Told[], [line: number, column: number, message: string] | null]
}

async function warningsOf(interpreter: Interpreter, source: string): Promise<readonly SourceWarning[]> {
  const verdict = await open.judge(Buffer.from(source), interpreter)
  if (verdict.kind !== 'compiles') throw new Error(JSON.stringify(verdict))
  expect(verdict.warned?.complete ?? true).toBe(true)
  return verdict.warned?.warnings ?? []
}

const isAscii = (text: string) => Buffer.from(text).length === text.length

for (const minor of ['3.8', '3.9', '3.10', '3.11', '3.12', '3.13']) {
  const native = allPythons.find(({ provider, version }) => provider === 'native' && version.startsWith(`${minor}.`))
  testNeeding({ name: `CPython ${minor}`, present: native !== undefined })(
    `CPython ${minor} warns of what it warns of when it is asked by itself, and where`,
    async () => {
      for (const source of sources) {
        const [told, first] = await ask(native!, source)
        const warnings = await warningsOf(native!, source)
        const lines = warnings.map(({ at, category, message }) => [at.line, category, message])
        expect(lines, source).toEqual(told)
        const named = warnings.find(({ at, message }) => at.line === first?.[0] && message === first[2])
        if (isAscii(source) && named !== undefined) expect(named.at.column, source).toBe(first![1])
      }
    },
  )
}

test('columns count code points', async () => {
  const natives = allPythons.filter(({ version }) => compareVersions(version, '3.8') >= 0)
  for (const interpreter of natives) {
    for (const [source, column] of [
      ["x = 'é'; y = '\\d'\n", 14],
      [`${signature}x = 'é'; y = '\\d'\n`, 14],
    ] as const) {
      const [warning] = await warningsOf(interpreter, source)
      // From 3.14 on an escape is pointed at, and no longer the string that holds it.
      const shift = warning!.message.startsWith('"\\d"') ? 1 : 0
      expect([interpreter.id, warning?.at]).toEqual([interpreter.id, { line: 1, column: column + shift }])
    }
  }
})

test('the embedded interpreters warn as the native ones of their minor version do', async () => {
  const natives = allPythons.filter(({ provider }) => provider === 'native')
  for (const embedded of allPythons.filter(({ provider }) => provider === 'embedded')) {
    const minor = embedded.version.split('.', 2).join('.')
    const native = natives.find(({ version }) => version.startsWith(`${minor}.`))
    if (native === undefined) continue
    for (const source of sources) {
      const [ours, theirs] = [await warningsOf(embedded, source), await warningsOf(native, source)]
      const told = (warnings: readonly SourceWarning[]) => warnings.map(({ at, message }) => [at.line, message])
      expect(told(ours), `${embedded.id} ${source}`).toEqual(told(theirs))
    }
  }
})

test('3.14 warns of leaving a finally block (PEP 765)', async () => {
  const embedded = allPythons.find(({ provider, version }) => provider === 'embedded' && version.startsWith('3.14'))!
  expect(await warningsOf(embedded, 'def f():\n    try: pass\n    finally: return 1\n')).toEqual([
    { at: { line: 3, column: 14 }, category: 'SyntaxWarning', message: "'return' in a 'finally' block" },
  ])
})

test('a source with very many is cut short, and one that breaks has none', async () => {
  const native = allPythons.find(({ version }) => compareVersions(version, '3.8') >= 0)!
  const verdict = await open.judge(Buffer.from("x = '\\d'\n".repeat(500)), native)
  expect(verdict).toMatchObject({ kind: 'compiles', warned: { complete: false } })
  expect(verdict.kind === 'compiles' && verdict.warned?.warnings).toHaveLength(100)
  expect(await open.judge(Buffer.from("x = '\\d'\nx = = 1\n"), native)).not.toHaveProperty('warned')
  // What was warned of before is of no concern to the next.
  expect(await open.judge(Buffer.from('x = 1\n'), native)).toEqual({ kind: 'compiles' })
})
