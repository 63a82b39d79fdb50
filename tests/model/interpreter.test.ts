import { expect, test } from 'vitest'
import { compareVersions, minorVersion } from '../../src/model/interpreter.ts'

test('versions are ordered by release, not by spelling', () => {
  const ordered = [
    '2.7.18',
    '3.9',
    '3.9.1',
    '3.10.0',
    '3.10.2',
    '3.15.0a1',
    '3.15.0a10',
    '3.15.0b1',
    '3.15.0rc1',
    '3.15.0',
  ]
  expect([...ordered].reverse().sort(compareVersions)).toEqual(ordered)
  expect(compareVersions('3.11', '3.11.0')).toBe(0)
})

test.each([
  ['3.11.7', '3.11'],
  ['3.11', '3.11'],
  ['3.15.0a2', '3.15'],
  ['2.7.18', '2.7'],
])('%s is of %s', (version, minor) => expect(minorVersion(version)).toBe(minor))
