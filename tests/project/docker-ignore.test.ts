import { describe, expect, test } from 'vitest'
import type { Path } from '../../src/model/path.ts'
import { type Builder, dockerIgnore } from '../../src/project/docker-ignore.ts'
import { filesBuilt, needsEngine, severalAtOnce } from '../support/engine.ts'
import { testNeeding } from '../support/needs.ts'
import { fc, runs } from '../support/random.ts'
import { fileOf } from './files.ts'

const paths = [
  'a.py',
  'a.pyc',
  'b/a.py',
  'b/c/a.py',
  'b/c/d/e.py',
  'b/a^.py',
  'b/[z].py',
  '.x/a.py',
  'd e/a.py',
  'é.py',
  '#h.py',
  '!b.py',
]

function kept(ignore: string, builder: Builder): string[] {
  const rule = dockerIgnore(fileOf('.dockerignore', ignore), builder)
  return paths.filter(path => rule(path as Path) === null)
}

/** What the engine puts into an image of these files. */
async function keptByEngine(ignore: string): Promise<string[]> {
  const files = Object.fromEntries(paths.map(path => [path, 'x = 1\n']))
  const context = { ...files, Dockerfile: 'FROM scratch\nCOPY . /context/\n', '.dockerignore': ignore }
  const held = new Set(await filesBuilt(context, 'context'))
  return paths.filter(path => held.has(path))
}

async function expectAsEngine(ignore: string): Promise<void> {
  expect([ignore, kept(ignore, 'legacy')]).toEqual([ignore, await keptByEngine(ignore)])
}

// Many in one test, as each is a build.
const tricky = [
  '*.py\n!*/a.py\n!b',
  'b\n!b/c',
  '*\n!b/c/a.py',
  '*\n!**/a.py',
  'b\n!b/*.py',
  '**/e.py\n!**/d',
  'b/c/**\n!b/c/d',
  '**/c',
  '**/b/**',
  'b**',
  '**b/a.py',
  'b/**/e.py',
  'b/***/e.py',
  '/b/',
  './a.py\n \n  b/a.py  ',
  'b/../a.py',
  '../a.py',
  '\ufeffa.py\r\nb/a.py\r\n',
  '[^a].py',
  '*[!a].py',
  'a.p[x-z]',
  'b/[[]z].py',
  'b/\\[z].py',
  'b/a^.py',
  'b/*^.py',
  '?.py',
  '.*',
  '**',
  '#a.py\n #h.py',
  '\\#h.py',
  '\\!b.py',
  'd\\ e',
]

testNeeding(needsEngine)('tricky patterns leave out what the engine leaves out', async () => {
  await severalAtOnce(tricky, expectAsEngine)
})

testNeeding(needsEngine)('random patterns leave out what the engine leaves out', async () => {
  const name = fc.constantFrom('a.py', 'b', 'c', 'd', '*', '**', '*.py', '?', '[ab]*', 'e.py', '..', '.')
  const pattern = fc
    .tuple(fc.constantFrom('', '!', '/'), fc.array(name, { minLength: 1, maxLength: 4 }))
    .map(([sign, names]) => sign + names.join('/'))
  const ignores = fc.array(pattern, { minLength: 1, maxLength: 4 }).map(lines => lines.join('\n'))
  await fc.assert(
    fc.asyncProperty(fc.array(ignores, { minLength: 5, maxLength: 5 }), several =>
      severalAtOnce(several, expectAsEngine),
    ),
    { numRuns: runs(5) },
  )
})

test('BuildKit looks into what is left out wherever a `!` may lead', () => {
  expect(kept('*\n!**/a.py', 'buildkit')).toEqual(['a.py', 'b/a.py', 'b/c/a.py', '.x/a.py', 'd e/a.py'])
})

test('a rule is named by its line', () => {
  const rule = dockerIgnore(fileOf('api/.dockerignore', '# mine\n\n b \n!b/c\n'), 'legacy')
  expect(rule('b/a.py' as Path)).toEqual({ file: 'api/.dockerignore', line: 3, text: 'b' })
  expect(rule('b/c/a.py' as Path)).toBeNull()
})

describe('what no build takes', () => {
  test.each(['!', '[]a].py', '[b-a].py', '[a'])('%s', pattern => {
    expect(() => dockerIgnore(fileOf('.dockerignore', `a\n${pattern}`), 'legacy')).toThrow(/^\.dockerignore:2: /)
  })
})
