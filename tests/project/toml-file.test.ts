import { expect, test } from 'vitest'
import { parseToml, tableOf } from '../../src/project/toml-file.ts'
import { fileOf } from './files.ts'

test.each([
  ['a broken line', '[project]\nname = \n', /^cannot read app\/pyproject\.toml:2: Invalid TOML document: [^\n]+$/],
  ['a key given twice', '[a]\nb = 1\nb = 2\n', /^cannot read app\/pyproject\.toml:3: Invalid TOML document: [^\n]+$/],
  ['an unclosed header', '[project\n', /^cannot read app\/pyproject\.toml:1: Invalid TOML document: [^\n]+$/],
  ['deep nesting', `a = ${'['.repeat(100_000)}`, /^cannot read app\/pyproject\.toml:1: Invalid TOML document: [^\n]+$/],
  ['Latin-1', Buffer.from('a = "\xe9"', 'latin1'), /^cannot read app\/pyproject\.toml: it is not UTF-8$/],
])('refuses %s and names the line', (_name, content, message) => {
  expect(() => parseToml(fileOf('app/pyproject.toml', content))).toThrow(
    expect.objectContaining({ code: 'file-unreadable', message: expect.stringMatching(message) }),
  )
})

test('reads a file with a byte order mark', () => {
  expect(tableOf(parseToml(fileOf('pyproject.toml', '\uFEFF[project]\na = 1\n')), ['project'])).toEqual({ a: 1 })
})

test.each([
  ['a table', ['tool', 'a'], { b: 1 }],
  ['a date', ['day'], null],
  ['an array', ['list'], null],
  ['what every object has', ['constructor'], null],
  ['a table below a value', ['day', 'a'], null],
])('looks up %s', (_name, name, table) => {
  const pyproject = parseToml(fileOf('pyproject.toml', 'day = 2026-01-01\nlist = [1]\n[tool.a]\nb = 1\n'))
  expect(tableOf(pyproject, name)).toEqual(table)
})
