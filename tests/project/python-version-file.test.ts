import { expect, test } from 'vitest'
import { pythonVersionFile } from '../../src/project/python-version-file.ts'
import { fileOf } from './files.ts'

test.each([
  ['a minor version', '3.12\n', '3.12', 1],
  ['a patch release', '3.12.4', '3.12.4', 1],
  ['a pre-release', '3.15.0a2\n', '3.15.0a2', 1],
  ['a candidate', '3.13.0rc1\n', '3.13.0rc1', 1],
  ['a development build', '3.14-dev\n', '3.14', 1],
  ['free-threaded, as pyenv says it', '3.13t\n', '3.13', 1],
  ['free-threaded, as uv says it', '3.13+freethreaded\n', '3.13', 1],
  ['with the implementation', 'cpython-3.12\n', '3.12', 1],
  ['with the implementation, as uv says it', 'cpython@3.12.4\n', '3.12.4', 1],
  ['with the platform', 'cpython-3.12.4-linux-x86_64-gnu\n', '3.12.4', 1],
  ['with the old prefix', 'python-3.11.7\n', '3.11.7', 1],
  ['a virtual environment of pyenv', '3.11.7/envs/service\n', '3.11.7', 1],
  ['comments and blank lines', '# chosen in May\r\n\r\n  3.11.7   # not 3.12\r\n', '3.11.7', 3],
  ['a byte order mark', '\uFEFF3.12\n', '3.12', 1],
  ['several versions', '3.11.7\n3.12.1\n', '3.11.7', 1],
])('reads %s', (_name, content, version, line) => {
  expect(pythonVersionFile(fileOf('app/.python-version', content))).toEqual({
    value: { version, from: `app/.python-version:${line}` },
    remarks: [],
  })
})

test('passes over what is not CPython, and says so', () => {
  expect(pythonVersionFile(fileOf('.python-version', 'pypy3.10-7.3.12\n3.12.1\n'))).toEqual({
    value: { version: '3.12.1', from: '.python-version:2' },
    remarks: ['.python-version:1: "pypy3.10-7.3.12" names no minor version of CPython and is not used'],
  })
})

test.each([
  ['the system Python', 'system\n', '"system"'],
  ['a major version', '3\n', '"3"'],
  ['a name that begins like a version', '3.11-service\n', '"3.11-service"'],
  ['control characters', '\u001b[31m3.11\n', '"\\u001b[31m3.11"'],
  ['UTF-16, as PowerShell writes it', Buffer.from('\uFEFF3.12\r\n', 'utf16le'), '"'],
])('does not use %s', (_name, content, shown) => {
  const { value, remarks } = pythonVersionFile(fileOf('.python-version', content))
  expect(value).toBeNull()
  expect(remarks.length).toBeGreaterThan(0)
  expect(remarks[0]).toContain(shown)
  expect(remarks.join('')).not.toMatch(/\p{Cc}/u)
})

test('says of an empty file that it names no version', () => {
  expect(pythonVersionFile(fileOf('.python-version', '# none yet\n'))).toEqual({
    value: null,
    remarks: ['.python-version names no version'],
  })
})
