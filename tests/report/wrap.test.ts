import { expect, test } from 'vitest'
import { codeFrame } from '../../src/report/code-frame.ts'
import { pageText } from '../../src/report/explanation.ts'
import { colourStyle, plainStyle } from '../../src/report/style.ts'
import { text } from '../../src/report/text.ts'
import { fitted, wrap } from '../../src/report/wrap.ts'
import { report, skew } from '../support/report.ts'

const words = Array.from({ length: 30 }, () => 'word5').join(' ')
const longest = (lines: readonly string[]) => Math.max(...lines.map(({ length }) => length))

test.each([
  [Number.POSITIVE_INFINITY, 100, 179],
  [80, 80, 80],
  [200, 100, 179],
])('a terminal of %d columns gets sentences of at most %d, and single lines of %d', (columns, wrapped, single) => {
  const style = { ...plainStyle, columns }
  expect(longest(wrap(style, words))).toBeLessThanOrEqual(wrapped)
  expect(longest(wrap(style, words))).toBeGreaterThan(wrapped - 6)
  expect(longest(fitted(style, words))).toBeLessThanOrEqual(single)
  expect(wrap(style, words).join(' ')).toBe(words)
})

test('colours take no room', () => {
  const painted = wrap(colourStyle, `${colourStyle.bad('word5')} ${words}`)
  expect(painted.join('\n').replaceAll(/\u001b\[\d+m/g, '')).toBe(wrap(plainStyle, `word5 ${words}`).join('\n'))
})

test('a report for a terminal has no line that it would break', () => {
  const style = { ...plainStyle, columns: 60 }
  const many = [skew('app/a.py', 3), skew('app/b.py', 4)]
  expect(longest(text(report(many), { style, verbose: false, quiet: false }).split('\n'))).toBeLessThanOrEqual(60)
})

test('what does not fitted beside a mark stands below it, and a long line of code is cut', () => {
  const finding = skew('app/a.py', 3)
  const wide = { ...finding, excerpt: finding.excerpt.map(line => ({ ...line, text: line.text.padEnd(90, '#') })) }
  const lines = codeFrame(wide, '3.11.7', { ...plainStyle, columns: 60 })
  expect(longest(lines)).toBeLessThanOrEqual(60)
  expect(lines).toMatchInlineSnapshot(`
    [
      "   3 │ x = f'{a['b']}'################################…",
      "     │     ^",
      "     │ Cannot use the same quotes inside an f-string",
      "     │ field on Python 3.11.7 (allowed since 3.12, PEP",
      "     │ 701)",
    ]
  `)
})

test('a page is told anew in the room that there is, and its code as it stands', () => {
  const page = ['# a-code', '', words, words, '', `- ${words}`, '  more', '', '```console', 'x  y', '```', ''].join(
    '\n',
  )
  const lines = pageText(page, { ...plainStyle, columns: 60 }).split('\n')
  const nine = Array.from({ length: 9 }, () => 'word5').join(' ')
  expect(longest(lines)).toBeLessThanOrEqual(60)
  expect(lines.slice(0, 3)).toEqual(['a-code', '', `${nine} word5`])
  const item = [`- ${nine}`, `  ${nine}`, `  ${nine}`, '  word5 word5 word5 more']
  expect(lines.slice(-8)).toEqual(['', ...item, '', '  x  y', ''])
})
