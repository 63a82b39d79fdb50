import { expect, test } from 'vitest'
import { parseAnswer, parseAnswerTo } from '../../src/interpreters/answer.ts'

const at = { line: 1, column: 2 }
const breaks = { kind: 'breaks', at, end: null, exception: 'SyntaxError', message: 'invalid syntax' }

const warning = { at, category: 'SyntaxWarning', message: 'invalid escape sequence' }

test.each([
  { kind: 'compiles' },
  { kind: 'undecided', reason: 'too large' },
  breaks,
  { ...breaks, at: null },
  { ...breaks, end: at },
  { kind: 'compiles', warned: { warnings: [warning], complete: true } },
])('%j is an answer', answer => expect(parseAnswer(JSON.stringify(answer))).toEqual(answer))

test.each([
  '',
  'Python 3.11.7',
  'null',
  '[]',
  '{}',
  '{"kind": "compiles"',
  JSON.stringify({ kind: 'undecided' }),
  JSON.stringify({ ...breaks, message: 3 }),
  JSON.stringify({ ...breaks, exception: undefined }),
  JSON.stringify({ ...breaks, at: undefined }),
  JSON.stringify({ ...breaks, at: { line: 0, column: 1 } }),
  JSON.stringify({ ...breaks, end: { line: 1, column: 1.5 } }),
  JSON.stringify({ ...breaks, end: 'here' }),
  JSON.stringify({ kind: 'compiles', warned: null }),
  JSON.stringify({ kind: 'compiles', warned: { warnings: [warning] } }),
  JSON.stringify({ kind: 'compiles', warned: { warnings: [null], complete: true } }),
  JSON.stringify({ kind: 'compiles', warned: { warnings: [{ ...warning, at: null }], complete: true } }),
  JSON.stringify({ kind: 'compiles', warned: { warnings: [{ ...warning, category: 1 }], complete: true } }),
])('%s is none', line => expect(parseAnswer(line)).toBeNull())

test('a warning behind the end of its source is no answer', () => {
  const line = JSON.stringify({
    kind: 'compiles',
    warned: { warnings: [{ ...warning, at: { line: 9, column: 1 } }], complete: true },
  })
  expect(parseAnswerTo(Buffer.alloc(7), line)).not.toBeNull()
  expect(parseAnswerTo(Buffer.alloc(6), line)).toBeNull()
})
