import { expect, test } from 'vitest'
import {
  admits,
  classifiedVersions,
  setupClassifiers,
  setupRequires,
  supportedVersions,
} from '../../src/project/supported-versions.ts'
import { parseToml } from '../../src/project/toml-file.ts'
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
  expect(supportedVersions(parseToml(fileOf('pyproject.toml', content)))).toEqual({
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
  expect(supportedVersions(parseToml(fileOf('pyproject.toml', content)))).toEqual({ value: null, remarks })
})

const named = (...minors: readonly number[]) =>
  minors.map(minor => `    "Programming Language :: Python :: 3.${minor}",\n`).join('')

test.each([
  ['one version', named(11), '>=3.11,<3.12'],
  ['a row', named(9, 11, 10), '>=3.9,<3.12'],
  ['gaps', named(8, 10, 13), '>=3.8,<3.14,!=3.9.*,!=3.11.*,!=3.12.*'],
  [
    'other classifiers',
    `"Programming Language :: Python :: 3", "Programming Language :: Python :: 3 :: Only",\n 7,${named(12)}`,
    '>=3.12,<3.13',
  ],
])('takes classifiers that name %s', (_name, classifiers, specifier) => {
  const content = `[project]\nname = "a"\nclassifiers = [\n${classifiers}]\n`
  expect(classifiedVersions(parseToml(fileOf('pyproject.toml', content)))).toEqual({
    value: { specifier, from: 'pyproject.toml:3 (classifiers)' },
    remarks: [],
  })
})

test.each([
  ['none', '[project]\nname = "a"\n'],
  ['none of a minor version', '[project]\nclassifiers = ["Programming Language :: Python :: 3"]\n'],
  ['a number beyond reason', '[project]\nclassifiers = ["Programming Language :: Python :: 3.99999999999"]\n'],
  ['no list', '[project]\nclassifiers = "Programming Language :: Python :: 3.11"\n'],
])('takes no classifiers from %s', (_name, content) => {
  expect(classifiedVersions(parseToml(fileOf('pyproject.toml', content)))).toEqual({ value: null, remarks: [] })
})

const setup = `# packaging
[metadata]
name = service
Classifiers =
    Development Status :: 4 - Beta
    # the ones that are tested
    Programming Language :: Python :: 3.10

    Programming Language :: Python :: 3.11
[options]
packages = find:
python-requires: >=3.10,
    <3.13
[tool:pytest]
python_requires = 2
`

test('reads setup.cfg', () => {
  const file = fileOf('setup.cfg', setup)
  expect(setupRequires(file)).toEqual({ value: { specifier: '>=3.10,<3.13', from: 'setup.cfg:12' }, remarks: [] })
  const classified = { specifier: '>=3.10,<3.12', from: 'setup.cfg:5 (classifiers)' }
  expect(setupClassifiers(file)).toEqual({ value: classified, remarks: [] })
})

test.each([
  ['neither', '[metadata]\nname = a\n', []],
  ['another section', '[other]\npython_requires = >=3.9\n', []],
  ['nothing', '  continued\n= 1\n', []],
  [
    'no specifier',
    '[options]\npython_requires = three\n',
    ['setup.cfg:2: "three" cannot be read as a PEP 440 specifier and is not used'],
  ],
])('finds no range in setup.cfg with %s', (_name, content, remarks) => {
  expect(setupRequires(fileOf('setup.cfg', content))).toEqual({ value: null, remarks })
  expect(setupClassifiers(fileOf('setup.cfg', content)).value).toBeNull()
})
