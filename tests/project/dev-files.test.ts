import { describe, expect, test } from 'vitest'
import { condaEnvironment } from '../../src/project/conda-environment.ts'
import { miseFile } from '../../src/project/mise-file.ts'
import { pipfile } from '../../src/project/pipfile.ts'
import { pythonVersionFile } from '../../src/project/python-version-file.ts'
import { toolVersions } from '../../src/project/tool-versions.ts'
import { virtualEnvironment } from '../../src/project/virtual-environment.ts'
import { fileOf } from './files.ts'

const readers = { condaEnvironment, miseFile, pipfile, pythonVersionFile, toolVersions, virtualEnvironment }

describe.each(Object.entries(readers))('%s', (_name, read) => {
  test('finds nothing in an empty file', () => expect(read(fileOf('empty', '')).value).toBeNull())
})

test.each([
  [toolVersions, 'a tool of several', 'nodejs 22.1.0\npython 3.12.4 # for now\n', '3.12.4', ':2'],
  [toolVersions, 'the first of its versions', 'python  3.11.9 3.12.1\r\n', '3.11.9', ':1'],
  [miseFile, 'a string', '[tools]\nnode = "22"\npython = "3.12"\n', '3.12', ':3'],
  [miseFile, 'a list', '[tools]\npython = ["3.11.9", "3.12"]\n', '3.11.9', ':2'],
  [miseFile, 'an inline table', '[tools]\npython = { version = "3.12.4", virtualenv = ".venv" }\n', '3.12.4', ':2'],
  [miseFile, 'a table', '[tools.python]\nvirtualenv = ".venv"\nversion = "3.12"\n', '3.12', ':3'],
  [pipfile, 'a version', '[requires]\npython_version = "3.11"\n', '3.11', ':2'],
  [
    pipfile,
    'a full version before it',
    '[packages]\npython_version = "*"\n[requires]\npython_version = "3.11"\npython_full_version = "3.11.9"\n',
    '3.11.9',
    ':5',
  ],
  [condaEnvironment, 'a pin', 'name: a\ndependencies:\n  - numpy\n  - python=3.11\n', '3.11', ':4'],
  [condaEnvironment, 'an exact pin', 'dependencies: [python-dateutil=2.9, python==3.11.4]\n', '3.11.4', ':1'],
  [condaEnvironment, 'a channel, a pattern', 'dependencies:\n- conda-forge::python=3.12.*\n', '3.12', ':2'],
  [condaEnvironment, 'a build', 'dependencies:\n- "python=3.10.4=h12debd9_0"\n- pip: [python=3.8]\n', '3.10.4', ':2'],
  [condaEnvironment, 'blanks', 'dependencies:\n- python 3.10.*\n', '3.10', ':2'],
  [virtualEnvironment, 'what venv writes', 'home = /usr/bin\nversion = 3.12.4\n', '3.12.4', ':2'],
  [
    virtualEnvironment,
    'what uv writes',
    'home = /x\nimplementation = CPython\nversion_info = 3.12.4\n',
    '3.12.4',
    ':3',
  ],
  [virtualEnvironment, 'what virtualenv writes', 'version_info = 3.11.9.final.0\n', '3.11.9', ':1'],
  [pythonVersionFile, 'what Heroku reads', 'python-3.11.9\n', '3.11.9', ':1'],
])('%o reads %s', (read, _name, content, version, line) => {
  expect(read(fileOf('app/file', content))).toEqual({ value: { version, from: `app/file${line}` }, remarks: [] })
})

const unused = (line: number, word: string) => [
  `file:${line}: ${word} names no minor version of CPython and is not used`,
]

test.each([
  [toolVersions, 'another tool', 'pythonx 3.12\n# python 3.12\n', []],
  [toolVersions, 'the system Python', 'python system\n', unused(1, '"system"')],
  [miseFile, 'no python', '[tools]\nnode = "22"\n', []],
  [miseFile, 'the latest', '[tools]\npython = "latest"\n', unused(2, '"latest"')],
  [miseFile, 'a number', '[tools]\npython = 3.12\n', unused(2, '"3.12"')],
  [pipfile, 'a range', '[requires]\npython_version = ">=3.9"\n', unused(2, '">=3.9"')],
  [condaEnvironment, 'a range', 'dependencies:\n- python>=3.10\n', unused(2, '"python>=3.10"')],
  [condaEnvironment, 'any version', 'dependencies:\n- python\n', unused(2, '"python"')],
  [condaEnvironment, 'no list', 'dependencies: python=3.11\n', []],
  [
    virtualEnvironment,
    'PyPy',
    'implementation = PyPy\nversion_info = 3.10.14.final.0\n',
    ['file:1: "PyPy" is not CPython'],
  ],
])('%o does not use %s', (read, _name, content, remarks) => {
  expect(read(fileOf('file', content))).toEqual({ value: null, remarks })
})
