import { afterAll, expect, test } from 'vitest'
import { featureGuides } from '../../src/diagnosis/feature-guides.ts'
import { features, takes } from '../../src/diagnosis/features.ts'
import { openJudge } from '../../src/interpreters/judge.ts'
import { minorVersion } from '../../src/model/interpreter.ts'
import { allPythons } from '../support/native.ts'
import { sharedCache } from '../support/shared-folder.ts'

/** One of each minor version, native where there is one. */
const interpreters = allPythons.filter(
  ({ version }, index) => index === allPythons.findIndex(each => minorVersion(each.version) === minorVersion(version)),
)
const bench = openJudge({ jobs: 2, cacheDirectory: sharedCache })
afterAll(() => bench[Symbol.asyncDispose]())

test('every feature has a guide, and nothing else has', () => {
  expect(Object.keys(featureGuides).sort()).toEqual(features.map(({ id }) => id).sort())
})

test.each(features)(
  '$id: the example is taken by those that should, and what stands for it by every Python 3',
  async feature => {
    const { example, instead } = featureGuides[feature.id]!
    const asked = async (source: string) => {
      const verdicts = await Promise.all(interpreters.map(each => bench.judge(Buffer.from(`${source}\n`), each)))
      return interpreters.map(({ version }, i) => `${version} ${verdicts[i]!.kind}`)
    }
    expect(await asked(example)).toEqual(
      interpreters.map(({ version }) => `${version} ${takes(feature, version) ? 'compiles' : 'breaks'}`),
    )
    const rejected = (await asked(instead)).filter(answer => answer.startsWith('3.') && !answer.endsWith('compiles'))
    // Before 3.8 there are no assignment expressions, with or without parentheses.
    const early = feature.id === 'bare-assignment-expression' ? /^3\.[67]\./ : /^$/
    expect(rejected.filter(answer => !early.test(answer))).toEqual([])
  },
)
