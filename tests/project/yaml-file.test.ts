import { expect, test } from 'vitest'
import { itemsOf, parseYaml, under, wordOf } from '../../src/project/yaml-file.ts'
import { fileOf } from './files.ts'

test.each([
  ['a tab', 'on: push\n\tjobs: 1\n', /^cannot read app\/ci\.yml:2: [^\n]+$/],
  ['an unclosed list', 'a: 1\nb: [1,\n', /^cannot read app\/ci\.yml:\d: [^\n]+$/],
  ['nested lists', `a:\n${'['.repeat(50_000)}`, /^cannot read app\/ci\.yml:2: it is nested too deep$/],
  ['nested items', '- '.repeat(30_000), /^cannot read app\/ci\.yml:1: it is nested too deep$/],
  ['nested maps', '{a: '.repeat(15_000), /^cannot read app\/ci\.yml:1: it is nested too deep$/],
  ['many aliases', `a: &a 1\nb: [${'*a ,'.repeat(200)}]\n`, /^cannot read app\/ci\.yml: it has more than 100 aliases$/],
  ['more than a person writes', '#'.repeat(300_000), /^cannot read app\/ci\.yml: it is larger than 64 KiB$/],
])('refuses %s', (_name, content, message) => {
  expect(() => parseYaml(fileOf('app/ci.yml', content))).toThrow(
    expect.objectContaining({ code: 'file-unreadable', message: expect.stringMatching(message) }),
  )
})

test('follows aliases, also one that holds itself', () => {
  const root = parseYaml(fileOf('a.yml', 'a: &a [x, *a]\nb: *a\n'))
  const [first, second] = itemsOf(under(root, 'b'))
  expect(wordOf(first!)).toEqual({ text: 'x', from: 'a.yml:1' })
  expect(itemsOf(second!)).toHaveLength(2)
})

test.each([
  ['a map of another name', ['b']],
  ['a map below a scalar', ['a', 'b']],
  ['what every object has', ['constructor']],
])('finds no %s', (_name, names) => expect(under(parseYaml(fileOf('a.yml', 'a: 1\n')), ...names)).toBeNull())
