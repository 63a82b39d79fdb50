import { expect, test } from 'vitest'
import { lineDifference, linesKept } from '../../../src/diagnosis/changes/line-difference.ts'

const buffer = (text: string) => Buffer.from(text)

test.each<[string, string, string, readonly [number, number][]]>([
  [
    'the same',
    'a\nb\n',
    'a\nb\n',
    [
      [1, 1],
      [2, 2],
      [3, 3],
    ],
  ],
  [
    'a line put in',
    'a\nb\n',
    'a\nx\nb\n',
    [
      [1, 1],
      [3, 2],
      [4, 3],
    ],
  ],
  [
    'a line taken out',
    'a\nx\nb',
    'a\nb',
    [
      [1, 1],
      [2, 3],
    ],
  ],
  [
    'other line ends',
    'a\nb\nc',
    'a\r\nB\r\nc',
    [
      [1, 1],
      [3, 3],
    ],
  ],
  [
    'a lone CR ends a line as well',
    'a\rb',
    'x\na\rb',
    [
      [2, 1],
      [3, 2],
    ],
  ],
  ['nothing of it', 'a', 'b', []],
])('lines kept: %s', (_name, before, after, expected) => {
  const kept = linesKept(buffer(before), buffer(after), { edits: 10 })
  expect([...kept].sort((a, b) => a[0] - b[0])).toEqual(expected)
})

test('where too much differs, only the same beginning and end are known', () => {
  const many = (name: string) => Array.from({ length: 9 }, (_, i) => `${name}${i}`).join('\n')
  const kept = linesKept(buffer(`a\n${many('x')}\nk\n${many('y')}\nz`), buffer(`a\n${many('p')}\nk\n${many('q')}\nz`), {
    edits: 4,
  })
  expect([...kept]).toEqual([
    [1, 1],
    [21, 21],
  ])
})

test('no more hunks and lines are kept than asked for, with as much around them', () => {
  const before = buffer(Array.from({ length: 30 }, (_, i) => `${i}\n`).join(''))
  const after = buffer(before.toString().replace(/^(5|6|7|15|25)$/gm, 'x'))
  const { hunks, says } = lineDifference(before, after, { hunks: 2, lines: 5, around: 2, edits: 50 })
  expect(says).toBe('5 lines taken out, 5 put in')
  expect(hunks.map(({ beforeLine, lines }) => [beforeLine, lines.length])).toEqual([
    [4, 5],
    [14, 5],
  ])
})
