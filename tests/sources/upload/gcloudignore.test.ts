import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Path } from '../../../src/model/path.ts'
import { droppingRule, type IgnoreRule, lastMatch, parseIgnoreText } from '../../../src/sources/upload/gcloudignore.ts'

const vectors: {
  readonly tree: readonly Path[]
  readonly cases: readonly {
    readonly name: string
    readonly ignore: string
    readonly gcloud_drops: readonly string[]
  }[]
} = JSON.parse(
  readFileSync(new URL('../../../fixtures/gcloudignore/gcloudignore-vectors.json', import.meta.url), 'utf8'),
)

function rulesOf(text: string): IgnoreRule[] {
  return parseIgnoreText(text, '.gcloudignore').filter((item): item is IgnoreRule => !('include' in item))
}

/** A path that ends in `/` is a directory. */
function isDropped(rules: readonly IgnoreRule[], path: string): boolean {
  const isDirectory = path.endsWith('/')
  return droppingRule(rules, (isDirectory ? path.slice(0, -1) : path) as Path, isDirectory) !== null
}

// What gcloud 578.0.0 itself drops. The names in the file repeat.
test.each(vectors.cases.map((vector, index) => ({ ...vector, index })))(
  'gcloud $index: $name',
  ({ ignore, gcloud_drops }) => {
    expect(vectors.tree.filter(path => isDropped(rulesOf(ignore), path))).toEqual(gcloud_drops)
  },
)

test('all vectors are there', () => expect(vectors.cases).toHaveLength(435))

// The rows of what git would do otherwise.
test.each([
  ['a slash in the middle does not anchor', 'doc/frotz', ['doc/frotz/', 'z/doc/frotz/', 'z/doc/frotz/x'], ['doc/x']],
  [
    'nor does one before a star',
    'data/*\n!data/keep.txt',
    ['data/a', 'x/data/a'],
    ['data/keep.txt', 'x/data/keep.txt'],
  ],
  ['a leading star takes the root or one level', '*/foo', ['foo', 'a/foo'], ['ab/c/foo']],
  ['two stars take files of the root too', '*/*', ['a.py', 'a/b'], []],
  ['a lone star takes the root only', '*', ['a.py', 'src/', 'src/a.py'], []],
  ['and what is in a directory of one character', '*\n!s/\n!src/', ['s/a.py', 'a.py'], ['src/a.py']],
  ['so all below what is taken back comes back', '*\n!src/', ['a.py'], ['src/', 'src/a.py', 'src/deep/b']],
  [
    'taking back all directories keeps what is in them',
    '*\n!*/\n!*.py',
    ['a.txt'],
    ['a.py', 'sub/a.txt', 'sub/deep/a.txt'],
  ],
  ['a double star takes the directory itself', 'data/**\n!data/keep.txt', ['data/', 'data/keep.txt'], []],
  ['also when anchored', '/d/**\n!/d/foo', ['d/', 'd/foo'], ['x/d/foo']],
  ['blanks behind a slash make it part of no name', 'build/ ', [], ['build/', 'build/a', 'x/build/']],
  ['an escaped star is a wildcard', 'a\\*b', ['a*b', 'axxb'], ['ba']],
  ['escaped brackets are a class', 'br\\[1\\]', ['br1'], ['br[1]']],
  ['a circumflex is a member of a class', '[^b]ar', ['^ar', 'bar'], ['car']],
  ['there are no named classes', 'foo[[:digit:]]', ['foo:]', 'food]'], ['foo1']],
  ['a BOM is part of the first line', '\ufefffoo\nbar', ['bar', '\ufefffoo'], ['foo']],
  ['a BOM makes a comment a pattern', '\ufeff# note\nbar', ['bar', '\ufeff# note'], ['note']],
  ['a form feed ends a line', 'foo\fbar', ['foo', 'bar'], ['foo\fbar']],
  ['so does a vertical tab', 'foo\vbar', ['foo', 'bar'], []],
  ['so does U+0085', 'foo\x85bar', ['foo', 'bar'], []],
  ['so do U+2028 and U+2029', 'foo\u2028bar\u2029baz', ['foo', 'bar', 'baz'], []],
  ['and a lone carriage return', 'foo\rbar\r\nbaz', ['foo', 'bar', 'baz'], []],
  ['tracked or not, a file is dropped', '*.py', ['a.py', 'deep/er/a.py'], ['a.pyc']],
])('unlike git: %s', (_name, text, dropped, kept) => {
  const rules = rulesOf(text)
  expect([...dropped, ...kept].filter(path => isDropped(rules, path))).toEqual(dropped)
})

test.each([
  ['a directory', true],
  // As gcloud asks os.path.isdir, a symbolic link to a directory is one to it; whoever calls says so.
  ['a file', false],
])('a rule for directories and %s', (_name, isDirectory) => {
  expect(droppingRule(rulesOf('name/'), 'name' as Path, isDirectory) !== null).toBe(isDirectory)
})

test.each([
  ['*?', ['é', '😀'], ['']],
  ['?', ['é', '😀', '\udce9'], ['ab']],
  ['[é-😀]x', ['éx', '€x', '😀x'], ['ax']],
  ['[b-a]', [], ['a', 'b', '[b-a]']],
  ['[!b-a]', ['a', 'b'], ['ab']],
  ['[]]', [']'], ['[]]']],
  ['[!]]', ['a'], [']']],
  ['[a-]', ['a', '-'], ['b']],
  ['[-a]', ['a', '-'], ['b']],
  ['[a', ['[a'], ['a']],
  ['.*', ['.git'], ['git']],
  ['a.c', ['a.c'], ['abc']],
])('the pattern %s by code points', (pattern, taken, left) => {
  const names = [...taken, ...left].filter(name => name !== '')
  expect(names.filter(name => isDropped(rulesOf(pattern), name))).toEqual(taken)
})

test('patterns made to take long do not', () => {
  const rules = rulesOf(`${'*a'.repeat(40)}b\n${'**/'.repeat(40)}b`)
  expect(isDropped(rules, `${'d/'.repeat(60)}${'a'.repeat(200)}`)).toBe(false)
})

test('the rule that decides is the last one, with its file and the line an editor shows', () => {
  const rules = rulesOf('# first\r\n*.txt\n!a.txt\n\fsecret\n')
  expect(lastMatch(rules, 'a.txt' as Path, false)).toMatchObject({
    file: '.gcloudignore',
    line: 3,
    text: '!a.txt',
    negated: true,
  })
  expect(droppingRule(rules, 'a.txt' as Path, false)).toBeNull()
  expect(droppingRule(rules, 'secret/key/a.txt' as Path, false)).toMatchObject({ line: 4, text: 'secret' })
  expect(lastMatch(rules, 'a.py' as Path, false)).toBeNull()
})

test.each([
  ['#!include:.gitignore', '.gitignore'],
  ['#  \t!include:.gitignore', '.gitignore'],
  ['#!include: .gitignore ', ' .gitignore '],
  ['#!include:a!include:b', 'a!include:b'],
])('an include: %j', (line, include) => {
  expect(parseIgnoreText(`a\n${line}\n`, 'f')).toEqual([expect.objectContaining({ text: 'a' }), { include, line: 2 }])
})

test.each(['#! include:.gitignore', '!include:.gitignore', ' #!include:.gitignore'])('no include: %j', line => {
  expect(parseIgnoreText(line, 'f').some(item => 'include' in item)).toBe(false)
})
