import { afterAll, describe, expect, test } from 'vitest'
import { openJudge } from '../../src/interpreters/judge.ts'
import { allPythons } from '../support/native.ts'
import { testNeeding } from '../support/needs.ts'
import { sharedCache } from '../support/shared-folder.ts'
import { fixturesIn, type Label, labelOf } from './sources.ts'

const open = openJudge({ jobs: 2, cacheDirectory: sharedCache })
afterAll(() => open[Symbol.asyncDispose]())

/** The system's own CPython, where `npm run label` was run; it is not everywhere. */
const notEverywhere = ['3.11.2']

describe.each(['f-strings', 'features', 'changes'])('fixtures/%s', folder => {
  const { sources, labels } = fixturesIn(folder)

  for (const [version, said] of Object.entries(labels)) {
    const interpreter = allPythons.find(each => each.version === version)
    if (interpreter === undefined && notEverywhere.includes(version)) continue

    testNeeding({ name: `CPython ${version}`, present: interpreter !== undefined })(
      `${version} says of every source what it said when it was labelled`,
      async () => {
        const names = [...sources.keys()]
        expect(Object.keys(said).sort()).toEqual(names.sort())
        const verdicts = names.map(async name => {
          const verdict = await open.judge(sources.get(name)!, interpreter!)
          return [name, labelOf(verdict, said[name]?.line ?? null)] as const
        })
        expect(Object.fromEntries(await Promise.all(verdicts))).toEqual(said satisfies Record<string, Label | null>)
      },
    )
  }

  test('every minor version from 3.8 to 3.15 is among them', () => {
    const minors = new Set(Object.keys(labels).map(version => version.replace(/^(\d+\.\d+).*/, '$1')))
    expect([...minors]).toEqual(expect.arrayContaining(['3.8', '3.9', '3.10', '3.11', '3.12', '3.13', '3.14', '3.15']))
  })
})
