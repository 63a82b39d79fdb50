import { expect, test } from 'vitest'
import { followLinks } from '../../src/model/follow-links.ts'

const links = new Map([
  ['bin', 'usr/bin'],
  ['usr/bin/python', 'python3'],
  ['usr/bin/python3', '/opt/py/bin/python3.12'],
  ['opt/py', '../opt/./python//'],
  ['above', '../../../etc'],
  ['round', 'around'],
  ['around', 'round/x'],
])

test.each([
  ['no link', 'srv/app/main.py', 'srv/app/main.py'],
  ['a link of a directory', '/bin/sh', 'usr/bin/sh'],
  ['links behind links', 'bin/python', 'opt/python/bin/python3.12'],
  ['`..` behind a link is of where it led', 'bin/../lib', 'usr/lib'],
  ['never out of the root', 'above/../..', ''],
  ['where it stands', './bin//.', 'usr/bin'],
  ['in circles', 'round', null],
])('%s', (_name, path, expected) => expect(followLinks(path, at => links.get(at))).toBe(expected))

test.each([
  [40, 'end'],
  [41, null],
])('through %i links, as Linux follows 40', (length, expected) => {
  const targetOf = (at: string) => {
    const index = Number(/^link(\d+)$/.exec(at)?.[1] ?? length)
    return index < length ? (index === length - 1 ? 'end' : `link${index + 1}`) : undefined
  }
  expect(followLinks('link0', targetOf)).toBe(expected)
})
