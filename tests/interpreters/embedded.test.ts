import { afterAll, expect, test } from 'vitest'
import { findInterpreters } from '../../src/interpreters/find-interpreters.ts'
import { openJudge } from '../../src/interpreters/judge.ts'
import type { Verdict } from '../../src/model/verdict.ts'
import { expectPlaces } from './places.ts'
import { causes, labelOf, labels, sources } from './sources.ts'

const found = await findInterpreters({ environment: {}, allow: 'embedded' })
const open = openJudge({ jobs: 2 })
afterAll(() => open[Symbol.asyncDispose]())
const versions = ['3.10.2', '3.11.3', '3.12.7', '3.13.2', '3.14.2', '3.15.0rc1']

const pairs = [
  ['3.10.2', '3.10.13'],
  ['3.11.3', '3.11.7'],
  ['3.12.7', '3.12.1'],
  ['3.13.2', '3.13.0'],
  // No native one was at hand to be asked: this is what it says by itself.
  ['3.14.2', '3.14.2'],
] as const

test.each(pairs)('embedded %s says of every source what %s says by itself', async (version, native) => {
  const verdicts = await judgeAll(version)
  expectPlaces(version, verdicts)
  for (const [name, verdict] of verdicts) {
    if (causes[`${version} ${native}`]?.[name] !== undefined) continue
    const label = labels[native]![name]!
    expect([name, labelOf(verdict, label?.line ?? null)]).toEqual([name, label])
  }
})

const brought = [
  'except-without-parentheses.py',
  'except-without-parentheses-comma.py',
  'except-without-parentheses-star.py',
  'except-without-parentheses-three.py',
  'template-string.py',
  'template-string-forms.py',
  'template-string-nested.py',
  'template-string-triple.py',
  'template-string-two.py',
]
const tookAway = ['cookie-utf-8-truncated.py', 'fstring-format-line-break-single.py']

test.each(['3.14.2', '3.15.0rc1'])(
  'embedded %s takes what native 3.13.0 takes and what 3.14 brought, but not what 3.14 took away',
  async version => {
    const verdicts = await judgeAll(version)
    expectPlaces(version, verdicts)
    for (const [name, verdict] of verdicts) {
      if (verdict.kind === 'undecided' && version === '3.15.0rc1') {
        expect([name, verdict.reason]).toEqual([name, expect.stringContaining('nested too deeply for this build')])
        continue
      }
      const compiles = (labels['3.13.0']![name] === null && !tookAway.includes(name)) || brought.includes(name)
      expect([name, verdict.kind]).toEqual([name, compiles ? 'compiles' : 'breaks'])
    }
  },
)

test('every embedded interpreter is listed once, in order', () => {
  expect(found.map(({ id }) => id)).toEqual(versions.map(version => `embedded-${version}`))
})

test('a source that traps the WebAssembly is undecided, and the next one is judged', async () => {
  const interpreter = found.find(({ version }) => version === '3.13.2')!
  const trap = Buffer.from(`if a: pass\n${'elif b: pass\n'.repeat(3000)}`)
  const verdicts = await Promise.all([trap, Buffer.from('x = 1\n')].map(source => open.judge(source, interpreter)))
  expect(verdicts).toEqual([
    { kind: 'undecided', reason: 'embedded-3.13.2 did not judge it: it failed: memory access out of bounds' },
    { kind: 'compiles' },
  ])
})

test('a source that wants more memory than there is for one is undecided, and what held much is let go', async () => {
  const interpreter = found.find(({ version }) => version === '3.13.2')!
  await using small = openJudge({ jobs: 1, memoryLimit: 2 ** 26 })
  const sources = [Buffer.from(`x = (${'[],'.repeat(200_000)})`), Buffer.from('x = = 1\n')]
  const verdicts = await Promise.all(sources.map(source => small.judge(source, interpreter)))
  expect(verdicts).toMatchObject([
    { kind: 'undecided', reason: 'compiling it takes too much memory' },
    { kind: 'breaks' },
  ])
})

async function judgeAll(version: string): Promise<Map<string, Verdict>> {
  const interpreter = found.find(one => one.version === version)!
  const verdicts = [...sources].map(async ([name, source]) => [name, await open.judge(source, interpreter)] as const)
  return new Map(await Promise.all(verdicts))
}
