import { expect, test } from 'vitest'
import { parsePyproject } from '../../src/project/pyproject.ts'
import { admits, supportedVersions } from '../../src/project/supported-versions.ts'
import { fileOf } from './files.ts'

const minors = ['2.7', '3.8', '3.9', '3.10', '3.11', '3.12', '3.13', '3.14']

test.each([
  ['>=3.9,<3.13', '3.9 3.10 3.11 3.12'],
  ['>=3.9, <=3.12', '3.9 3.10 3.11 3.12'],
  ['~=3.10', '3.10 3.11 3.12 3.13 3.14'],
  ['~=3.10.2', '3.10'],
  ['>=3.11.4', '3.11 3.12 3.13 3.14'],
  ['>3.12', '3.12 3.13 3.14'],
  ['<3.9.1', '2.7 3.8 3.9'],
  ['>=3.9,!=3.10.*,<3.13', '3.9 3.11 3.12'],
  ['>=3.11,!=3.11.0,<3.12', '3.11'],
  ['==3.11.*', '3.11'],
  ['==3.11', '3.11'],
  ['==3.11.7', '3.11'],
  ['>=3.14.0a1', '3.14'],
  ['', '2.7 3.8 3.9 3.10 3.11 3.12 3.13 3.14'],
  ['>=3.12,<3.12', ''],
])('"%s" admits %s', (specifier, expected) => {
  expect(minors.filter(minor => admits(specifier, minor)).join(' ')).toBe(expected)
})

test.each([
  ['requires-python', '[project]\nname = "a"\nrequires-python = ">=3.9"\n', '>=3.9', ':3'],
  ['a spaced header and a quoted key', '[ project ] # ours\n"requires-python"=">=3.9"\n', '>=3.9', ':2'],
  [
    'a key of that name in another table',
    '[tool.x]\nrequires-python = 1\n[project]\nrequires-python = ">=3.9"\n',
    '>=3.9',
    ':4',
  ],
  ['a dotted key, whose line is not looked for', 'project.requires-python = ">=3.9"\n', '>=3.9', ''],
  ["Poetry's constraint", '[tool.poetry.dependencies]\r\npython = "^3.10"\r\n', '>=3.10,<4', ':2'],
  ['both', '[tool.poetry.dependencies]\npython = "^3.8"\n[project]\nrequires-python = ">=3.10"\n', '>=3.10', ':4'],
])('reads %s', (_name, content, specifier, line) => {
  expect(supportedVersions(parsePyproject(fileOf('pyproject.toml', content)))).toEqual({
    value: { specifier, from: `pyproject.toml${line}` },
    remarks: [],
  })
})

test.each([
  ['neither', '[project]\nname = "a"\n', []],
  ['no table', 'project = 1\n', []],
  [
    'a number',
    '[project]\nrequires-python = 3.11\n',
    ['pyproject.toml:2: requires-python is no string and is not used'],
  ],
  [
    'no specifier',
    '[project]\nrequires-python = "3.11"\n',
    ['pyproject.toml:2: "3.11" cannot be read as a PEP 440 specifier and is not used'],
  ],
  [
    'alternatives',
    '[tool.poetry.dependencies]\npython = "~3.9 || ~3.11"\n',
    ['pyproject.toml:2: "~3.9 || ~3.11" cannot be read as a PEP 440 specifier and is not used'],
  ],
])('says why it does not use %s', (_name, content, remarks) => {
  expect(supportedVersions(parsePyproject(fileOf('pyproject.toml', content)))).toEqual({ value: null, remarks })
})
