import { afterAll, describe, expect } from 'vitest'
import { loadSyntax } from '../../src/diagnosis/syntax.ts'
import { embeddedInterpreters } from '../../src/interpreters/embedded.ts'
import { openJudge } from '../../src/interpreters/judge.ts'
import { type Interpreter, minorVersion } from '../../src/model/interpreter.ts'
import { sitesIn } from '../support/error-sites.ts'
import { nativePython } from '../support/native.ts'
import { testNeeding } from '../support/needs.ts'
import { fc, runs } from '../support/random.ts'
import { sharedCache } from '../support/shared-folder.ts'
import { breakingStatements, quietStatements } from './planted-breaks.ts'

const bench = openJudge({ jobs: 2, cacheDirectory: sharedCache })
afterAll(() => bench[Symbol.asyncDispose]())
const means = { judge: bench.judge, sameTree: bench.sameTree, syntax: await loadSyntax() }

/** A statement that this interpreter rejects when it stands alone, and the line in it at which it does. */
interface Planted {
  readonly text: string
  readonly line: number
}

const embedded = embeddedInterpreters().find(({ version }) => minorVersion(version) === '3.14')

describe.each(['3.6', '3.8', '3.9', '3.10', '3.11', '3.12', '3.13', '3.14'])('CPython %s', version => {
  const interpreter = nativePython(version) ?? (version === '3.14' ? embedded : undefined)
  const testIt = testNeeding({ name: `CPython ${version}`, present: interpreter !== undefined })

  testIt('stops at each of three to ten places of different kinds, and nowhere else', async () => {
    const planted = await plantedFor(interpreter!)
    expect(planted.length).toBeGreaterThan(80)
    const files = fc.array(fc.tuple(fc.constantFrom(...quietStatements), fc.constantFrom(...planted)), {
      minLength: 3,
      maxLength: 10,
    })
    let cutShort = 0
    await fc.assert(
      fc.asyncProperty(files, async parts => {
        const { source, lines } = fileOf(parts)
        const { sites, complete } = await sitesIn(source, interpreter!, means)
        const told = sites.map(({ start }) => start?.line)
        if (told.length < lines.length) cutShort++
        expect(told).toEqual(complete ? lines : lines.filter(line => told.includes(line)))
      }),
      { numRuns: runs(25) },
    )
    // Files of which the parser makes too little to mask one place alone are rare, and are said to have more places.
    expect(cutShort).toBeLessThanOrEqual(runs(1))
  })

  testIt('stops at each kind between two others', async () => {
    for (const each of await plantedFor(interpreter!)) {
      const other = { text: 'x = = 1', line: 1 }
      const { source, lines } = fileOf([other, each, other].map(part => ['a = 1', part]))
      const { sites } = await sitesIn(source, interpreter!, means)
      expect([each.text, sites.map(({ start }) => start?.line)]).toEqual([each.text, lines])
    }
  })
})

/** Those of the statements that it rejects, and where: it is asked about each alone. */
async function plantedFor(interpreter: Interpreter): Promise<Planted[]> {
  const asked = breakingStatements.map(async text => {
    const verdict = await bench.judge(Buffer.from(`${text}\n`), interpreter)
    return verdict.kind === 'breaks' && verdict.at !== null ? [{ text, line: verdict.at.line }] : []
  })
  return (await Promise.all(asked)).flat()
}

/** A file of quiet and of planted statements in turns, and the lines at which it must break. */
function fileOf(parts: readonly (readonly [quiet: string, planted: Planted])[]) {
  const statements = parts.flatMap(([quiet, { text }]) => [quiet, text])
  const before = (index: number) => statements.slice(0, index).join('\n').split('\n').length
  const lines = parts.map(([, { line }], index) => before(2 * index + 1) + line)
  return { source: `${statements.join('\n')}\n${quietStatements[0]}\n`, lines }
}
