import { expect, test } from 'vitest'
import { compileAll } from '../../src/interpreters/compile-all.ts'
import type { Sha256 } from '../../src/model/digest.ts'
import type { Interpreter } from '../../src/model/interpreter.ts'
import type { Content } from '../../src/model/manifest.ts'
import type { Verdict } from '../../src/model/verdict.ts'

const interpreters = ['3.11.7', '3.12.1'].map(
  (version): Interpreter => ({ id: version, version, provider: 'native', build: '', executable: null }),
)

type Ask = (content: Content, interpreter: Interpreter) => Promise<Verdict>

test('each content once by each of its askers, and only so many contents held as are being worked on', async () => {
  const held = { now: 0, most: 0 }
  const asked: string[] = []
  async function* contents() {
    for (let i = 0; i < 500; i++) {
      held.now += 1
      held.most = Math.max(held.most, held.now)
      yield { sha256: `${i}` as Sha256, bytes: Buffer.from(`${i}`) }
    }
  }
  const answers = new Map<string, number>()
  const ask: Ask = async ({ bytes }, { id }) => {
    const text = Buffer.from(bytes).toString()
    asked.push(`${text} ${id}`)
    await new Promise(setImmediate)
    answers.set(text, (answers.get(text) ?? 0) + 1)
    if (answers.get(text) === interpreters.length) held.now -= 1
    return id === '3.12.1' ? { kind: 'compiles' } : { kind: 'undecided', reason: text }
  }
  const verdicts = await compileAll(contents(), () => interpreters, ask)
  expect(asked.toSorted()).toEqual(
    Array.from({ length: 500 }, (_, i) => [`${i} 3.11.7`, `${i} 3.12.1`])
      .flat()
      .sort(),
  )
  expect(verdicts.get('499' as Sha256)).toEqual(
    new Map([
      ['3.11.7', { kind: 'undecided', reason: '499' }],
      ['3.12.1', { kind: 'compiles' }],
    ]),
  )
  expect(held.most).toBeLessThanOrEqual(65)
})

test('what stops the interpreters stops the whole', async () => {
  async function* contents() {
    yield { sha256: '1' as Sha256, bytes: Buffer.from('1') }
  }
  const ask: Ask = () => Promise.reject(new Error('closed'))
  await expect(compileAll(contents(), () => interpreters, ask)).rejects.toThrow('closed')
})
