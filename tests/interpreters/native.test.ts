import { afterAll, expect } from 'vitest'
import { openJudge } from '../../src/interpreters/judge.ts'
import type { Interpreter } from '../../src/model/interpreter.ts'
import type { Verdict } from '../../src/model/verdict.ts'
import { nativePythons } from '../support/native.ts'
import { testNeeding } from '../support/needs.ts'
import { expectPlaces } from './places.ts'
import { labelOf, labels, sources } from './sources.ts'

const open = openJudge({ jobs: 2 })
afterAll(() => open[Symbol.asyncDispose]())

for (const version of ['2.7.18', '3.6.15', '3.7.16', '3.8.18', '3.9.18', '3.10.13', '3.11.7', '3.12.1', '3.13.0']) {
  const interpreter = nativePythons.find(one => one.version === version)
  const need = { name: `CPython ${version}`, present: interpreter !== undefined }

  testNeeding(need)(`${version} says of every source what it says by itself`, async () => {
    const verdicts = await judgeAll(interpreter!)
    for (const [name, verdict] of verdicts) {
      const label = labels[version]![name]!
      expect([name, labelOf(verdict, label?.line ?? null)]).toEqual([name, label])
    }
    expectPlaces(version, verdicts)
  })
}

async function judgeAll(interpreter: Interpreter): Promise<Map<string, Verdict>> {
  const verdicts = [...sources].map(async ([name, source]) => [name, await open.judge(source, interpreter)] as const)
  return new Map(await Promise.all(verdicts))
}
