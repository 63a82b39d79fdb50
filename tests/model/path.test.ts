import { describe, expect, test } from 'vitest'
import {
  baseName,
  bytesOfName,
  comparePaths,
  joinPath,
  type Path,
  parentPath,
  parsePath,
  relativePath,
  textOfName,
} from '../../src/model/path.ts'
import { fc, runs } from '../support/random.ts'

const path = (text: string) => text as Path

test('names and bytes map one to one, whatever the bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), bytes => {
      expect(bytesOfName(textOfName(bytes))).toEqual(Buffer.from(bytes))
    }),
    { numRuns: runs(100) },
  )
})

test.each<[string, number[], string]>([
  ['valid UTF-8', [...Buffer.from('é🐍')], 'é🐍'],
  ['a byte order mark', [0xef, 0xbb, 0xbf, 0x61], '\ufeffa'],
  ['Latin-1', [0x61, 0xe9], 'a\udce9'],
  ['a sequence cut short', [0xf0, 0x9f, 0x90], '\udcf0\udc9f\udc90'],
  ['an encoded surrogate', [0xed, 0xb3, 0xa9], '\udced\udcb3\udca9'],
  ['an overlong form', [0xc0, 0xaf], '\udcc0\udcaf'],
])('%s', (_name, bytes, text) => expect(textOfName(Buffer.from(bytes))).toBe(text))

test.each<[string, string | null]>([
  ['a/b.py', 'a/b.py'],
  ['./a//b.py', 'a/b.py'],
  ['/app/a.py', 'app/a.py'],
  ['a/', 'a'],
  ['.', ''],
  ['', ''],
  ['a/../b.py', null],
  ['../b.py', null],
  ['..', null],
  ['a\0b', null],
  ['..a/b..', '..a/b..'],
])('%j is the path %j', (name, expected) => expect(parsePath(name)).toBe(expected))

describe('places of a path', () => {
  test.each([
    ['', 'a.py', 'a.py'],
    ['a', 'a/b.py', 'b.py'],
    ['a/b.py', 'a/b.py', ''],
    ['a', 'ab/c.py', null],
    ['a/b', 'a', null],
  ])('below %j, %j is %j', (directory, whole, rest) => {
    expect(relativePath(path(directory), path(whole))).toBe(rest)
    if (rest !== null) expect(joinPath(path(directory), rest)).toBe(whole)
  })

  test.each([
    ['a/b/c.py', 'a/b', 'c.py'],
    ['c.py', '', 'c.py'],
  ])('%j stands in %j as %j', (whole, parent, name) => {
    expect(parentPath(path(whole))).toBe(parent)
    expect(baseName(path(whole))).toBe(name)
  })
})

test('the order is that of the bytes, as git has it', () => {
  const names = ['a.py', 'a/b.py', 'a0.py', 'Z.py', 'é.py', '\uff61.py', '😀.py', '\udcff.py'].map(path)
  const byBytes = names.toSorted((a, b) => Buffer.compare(bytesOfName(a), bytesOfName(b)))
  expect(names.toSorted(comparePaths)).toEqual(byBytes)
})
