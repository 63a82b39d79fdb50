import { expect, test } from 'vitest'
import { defaultCacheDirectory } from '../../src/interpreters/cache-directory.ts'

test.each([
  ['linux', {}, '/home/u/.cache/firstbreak'],
  ['linux', { XDG_CACHE_HOME: '/tmp/c' }, '/tmp/c/firstbreak'],
  ['linux', { XDG_CACHE_HOME: 'c' }, '/home/u/.cache/firstbreak'],
  ['linux', { FIRSTBREAK_CACHE_DIR: '/tmp/own', XDG_CACHE_HOME: '/tmp/c' }, '/tmp/own'],
  ['linux', { FIRSTBREAK_CACHE_DIR: '' }, '/home/u/.cache/firstbreak'],
  ['darwin', {}, '/home/u/Library/Caches/firstbreak'],
  ['win32', {}, '\\home\\u\\AppData\\Local\\firstbreak\\Cache'],
])('%s with %j', (platform, environment, expected) =>
  expect(defaultCacheDirectory(environment, platform, '/home/u')).toBe(expected),
)
