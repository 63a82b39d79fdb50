import { expect, test } from 'vitest'
import { parseAnswer } from '../../src/interpreters/answer.ts'

const at = { line: 1, column: 2 }
const breaks = { kind: 'breaks', at, end: null, exception: 'SyntaxError', message: 'invalid syntax' }

test.each([
  { kind: 'compiles' },
  { kind: 'undecided', reason: 'too large' },
  breaks,
  { ...breaks, at: null },
  { ...breaks, end: at },
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
])('%s is none', line => expect(parseAnswer(line)).toBeNull())
