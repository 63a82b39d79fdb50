import { expect, test } from 'vitest'
import { firstbreak } from '../support/command-line.ts'

const commands = [
  [],
  ['verify'],
  ['gate'],
  ['seal'],
  ['seal', 'check'],
  ['trace'],
  ['upload'],
  ['autopsy'],
  ['hook'],
  ['hook', 'install'],
  ['hook', 'pre-push'],
  ['doctor'],
  ['cache'],
  ['explain'],
]

test.each(commands.map(words => [['firstbreak', ...words].join(' '), words] as const))(
  '%s --help fits a terminal of 80 columns and tells no default that is none',
  async (_, words) => {
    const { code, out } = await firstbreak('/', [...words, '--help'])
    expect(code).toBe(0)
    expect(out.split('\n').filter(({ length }) => length > 80)).toEqual([])
    expect(out).not.toMatch(/default:\s+(?:false|\[\])|\(default:[^)]*\)\s+\(default/)
  },
)

test('no command is left out', async () => {
  const { out } = await firstbreak('/', ['--help'])
  const listed = [...out.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name)
  expect(commands.map(([name]) => name)).toEqual(expect.arrayContaining(listed.filter(name => name !== 'help')))
})
