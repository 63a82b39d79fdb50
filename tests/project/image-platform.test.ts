import { describe, expect, test } from 'vitest'
import type { HeldPython } from '../../src/model/image-description.ts'
import type { Note } from '../../src/model/image-note.ts'
import type { Path } from '../../src/model/path.ts'
import { imagePlatform } from '../../src/project/image-platform.ts'

const nothing = { distribution: null, libc: null, architecture: null, pythonArchitecture: null, settings: new Map() }

function platformOf(
  notes: Readonly<Record<string, Note>>,
  environment: Readonly<Record<string, string>> = {},
  path: string | null = null,
) {
  const facts = { platform: null, environment: new Map(Object.entries(environment)) }
  const python: HeldPython = { version: '3.11', from: '', prefix: null, path, reachedBy: null }
  return imagePlatform(facts, new Map(Object.entries(notes) as [Path, Note][]), [python])
}

const text = (text: string): Note => ({ kind: 'text', text })
const present: Note = { kind: 'present' }
const program = (architecture: string): Note => ({ kind: 'program', architecture, version: null })

test.each<[string, string, string | null]>([
  [
    'Debian',
    'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nID=debian\n',
    'Debian 12',
  ],
  ['Alpine', 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.19.1\n', 'Alpine Linux 3.19.1'],
  ['Ubuntu', "NAME='Ubuntu'\nVERSION_ID='24.04'\n", 'Ubuntu 24.04'],
  ['one without a number', 'NAME="Arch Linux"\nID=arch\n', 'Arch Linux'],
  ['one without a name', 'ID=wolfi\nVERSION_ID="20230201"\n', 'wolfi 20230201'],
  ['one that says nothing', '# nothing\n', null],
])('the distribution: %s', (_name, osRelease, expected) => {
  expect(platformOf({ 'usr/lib/os-release': text(osRelease) }).distribution).toBe(expected)
  expect(platformOf({ 'usr/lib/os-release': text('ID=other\n'), 'etc/os-release': text(osRelease) }).distribution).toBe(
    expected,
  )
})

test.each<[string, readonly string[], string | null]>([
  ['musl', ['lib/ld-musl-x86_64.so.1'], 'musl'],
  ['glibc, by its loader', ['lib64/ld-linux-x86-64.so.2'], 'glibc'],
  ['glibc, by itself', ['usr/lib/aarch64-linux-gnu/libc.so.6'], 'glibc'],
  ['both, as with gcompat', ['lib/ld-musl-x86_64.so.1', 'lib/ld-linux-x86-64.so.2'], 'both'],
  ['none', ['usr/bin/env'], null],
])('the libc: %s', (_name, paths, expected) => {
  expect(platformOf(Object.fromEntries(paths.map(path => [path, present]))).libc).toBe(expected)
})

describe('the architecture', () => {
  test('is that of the configuration', () => {
    const facts = { platform: { os: 'linux', architecture: 'arm', variant: 'v7' }, environment: new Map() }
    expect(imagePlatform(facts, new Map(), [])).toEqual({ ...nothing, architecture: 'arm/v7' })
  })

  const notes = {
    'usr/bin/python3.11': program('amd64'),
    'opt/x/bin/python3.12': program('386'),
    bin: { kind: 'symlink', target: 'usr/bin' },
  } as const
  test.each([
    ['the Python that runs', notes, '/bin/python3.11', 'amd64'],
    ['the only one', { 'usr/bin/python3.11': program('arm64') }, null, 'arm64'],
    [
      'the only one, which another name leads to',
      { 'usr/bin/python3.11': program('arm64') },
      '/usr/bin/python',
      'arm64',
    ],
    ['nobody, where there are several', notes, null, null],
    ['nobody, where there is none', {}, null, null],
  ])('of its Python is that of %s', (_name, given, path, expected) => {
    expect(platformOf(given, {}, path).pythonArchitecture).toBe(expected)
  })
})

test('settings are those that a CPython heeds, by name', () => {
  const environment = {
    PYTHONUTF8: '1',
    LANG: 'C.UTF-8',
    LC_ALL: 'C',
    PATH: '/bin',
    PYTHON_VERSION: '3.11.9',
    PYTHON_PIP_VERSION: '24.0',
    PYTHON_GIL: '0',
    PYTHON_TOKEN: 'secret',
    MYPYTHONPATH: '/x',
    PYTHONPATH: '/'.repeat(300),
  }
  expect([...platformOf({}, environment).settings]).toEqual([
    ['LANG', 'C.UTF-8'],
    ['LC_ALL', 'C'],
    ['PYTHONPATH', '/'.repeat(200)],
    ['PYTHONUTF8', '1'],
    ['PYTHON_GIL', '0'],
  ])
})
