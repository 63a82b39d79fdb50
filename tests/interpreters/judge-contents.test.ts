import { afterEach, beforeEach, expect, test } from 'vitest'
import { type JudgingMeans, judgeContents, rememberingJudge } from '../../src/interpreters/judge-contents.ts'
import { openVerdictCache } from '../../src/interpreters/verdict-cache.ts'
import type { Sha256 } from '../../src/model/digest.ts'
import type { Interpreter } from '../../src/model/interpreter.ts'
import type { Judge } from '../../src/model/verdict.ts'
import { temporaryFolder } from '../support/temporary.ts'
import { build, shaOf, truthOf } from './caching.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeEach(async () => {
  folder = await temporaryFolder()
})
afterEach(() => folder[Symbol.asyncDispose]())

const [first, second] = [build('first'), build('second')]
const asked: string[] = []
const judge: Judge = async (source, { id }) => {
  asked.push(`${Buffer.from(source)} ${id}`)
  if (`${Buffer.from(source)}` === '9') return { kind: 'undecided', reason: 'it was ended by SIGSEGV' }
  return truthOf(Number(Buffer.from(source)))
}
beforeEach(() => {
  asked.length = 0
})

/** What one run reads, asks and finds of the contents `0` to `3` and `9`. */
async function run(interpreters: readonly Interpreter[]) {
  const read: string[] = []
  const texts = new Map(['0', '1', '2', '3', '9'].map(text => [shaOf(text), text]))
  async function* contents(wanted: ReadonlySet<Sha256>) {
    for (const sha256 of wanted) {
      read.push(texts.get(sha256)!)
      yield { sha256, bytes: Buffer.from(texts.get(sha256)!) }
    }
  }
  const log = (line: string) => {
    throw new Error(line)
  }
  await using cache = openVerdictCache({ directory: folder.path, log })
  const compiling: number[] = []
  const means: JudgingMeans = { cache, judge, contents, compiling: count => void compiling.push(count) }
  const verdicts = await judgeContents(new Set(texts.keys()), interpreters, means)
  return { verdicts, read, asked: asked.splice(0).sort(), compiling }
}

test('only what is not known is read, and only who has to compile it is asked', async () => {
  const cold = await run([first])
  expect(cold).toMatchObject({ read: ['0', '1', '2', '3', '9'], compiling: [5] })
  expect(cold.asked).toEqual(['0 first', '1 first', '2 first', '3 first', '9 first'])
  const again = await run([first])
  expect(again).toMatchObject({ read: ['9'], asked: ['9 first'], compiling: [1] })
  expect(again.verdicts).toEqual(cold.verdicts)
  const more = await run([first, second])
  expect(more.asked).toEqual(['0 second', '1 second', '2 second', '3 second', '9 first', '9 second'])
  expect(more.verdicts.get(shaOf('1'))).toEqual(
    new Map([
      ['first', truthOf(1)],
      ['second', truthOf(1)],
    ]),
  )
})

test('a judge that remembers asks once, also in the next run', async () => {
  for (const expected of [['1 first'], []]) {
    await using cache = openVerdictCache({ directory: folder.path, log: () => undefined })
    const remembering = rememberingJudge(judge, cache)
    expect(await remembering(Buffer.from('1'), first)).toEqual(truthOf(1))
    expect(asked.splice(0)).toEqual(expected)
  }
})
