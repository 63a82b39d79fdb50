import { expect, test } from 'vitest'
import { bytesOfName, textOfName } from '../../src/model/path.ts'
import { visible } from '../../src/report/visible.ts'

test.each([
  ['app/main.py', 'app/main.py'],
  ['naïve/日本/🐍.py', 'naïve/日本/🐍.py'],
  ['\u001b[2J\u001b]0;title\u0007', '\\x1b[2J\\x1b]0;title\\x07'],
  ['a\nb\rc\td', 'a\\nb\\rc\\td'],
  ['\u009b31m', '\\x9b31m'],
  ['\u202eyp.exe', '\\u202eyp.exe'],
  ['zero\u200bwidth\ufeff', 'zero\\u200bwidth\\ufeff'],
  ['line\u2028separator', 'line\\u2028separator'],
  ['tag\u{e0041}', 'tag\\u{e0041}'],
  ['lone\ud800', 'lone\\ud800'],
])('%j is shown as %j', (text, shown) => expect(visible(text)).toBe(shown))

test('a name of any bytes is shown in characters that a terminal prints', () => {
  const bytes = Buffer.from(Array.from({ length: 255 }, (_, i) => i + 1))
  const name = textOfName(bytes)
  expect(bytesOfName(name)).toEqual(bytes)
  expect(visible(name)).toMatch(/^[\x20-\x7e]+$/)
  expect(visible(textOfName(Buffer.from([0x61, 0xff, 0xe9])))).toBe('a\\xff\\xe9')
})
