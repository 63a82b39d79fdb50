import { describe, expect, test } from 'vitest'
import type { Note } from '../../src/model/image-note.ts'
import type { Path } from '../../src/model/path.ts'
import { imagePythons } from '../../src/project/image-pythons.ts'
import type { ReachedPython } from '../../src/project/reached-python.ts'

type Notes = Readonly<Record<string, Note>>

function shown(
  variable: string | null,
  paths: readonly string[],
  notes: Notes = {},
  reached: ReachedPython | null = null,
) {
  const { pythons, remarks } = imagePythons({
    title: 'the image',
    environment: new Map(variable === null ? [] : [['PYTHON_VERSION', variable]]),
    pythonPaths: paths as Path[],
    notes: new Map(Object.entries(notes) as [Path, Note][]),
    reached,
  })
  return { pythons, told: pythons.map(({ version, from }) => `${version} ${from}`), remarks }
}

const local = 'usr/local/lib/python3.11/os.py'
const debian = 'usr/lib/python3.11/os.py'

test.each([
  ['an official image', '3.11.9', [local], ['3.11.9 PYTHON_VERSION in the image']],
  ['a pre-release', '3.15.0a2', ['usr/local/lib/python3.15/os.py'], ['3.15.0a2 PYTHON_VERSION in the image']],
  ['no standard library', '3.11.9', ['app/main.py'], ['3.11.9 PYTHON_VERSION in the image']],
  [
    'an official image on Debian, which has one too',
    '3.12.4',
    [debian, 'usr/lib/python3/dist-packages/os.py', 'usr/local/lib/python3.12/os.py'],
    ['3.12.4 PYTHON_VERSION in the image', '3.11 usr/lib/python3.11 in the image'],
  ],
  ["Debian's", null, [debian], ['3.11 usr/lib/python3.11 in the image']],
  ["Fedora's", null, ['usr/lib64/python3.13/os.py'], ['3.13 usr/lib64/python3.13 in the image']],
  ['one from elsewhere', null, ['opt/python/lib/python3.9/os.py'], ['3.9 opt/python/lib/python3.9 in the image']],
  ['free-threaded', null, ['usr/local/lib/python3.13t/os.py'], ['3.13 usr/local/lib/python3.13t in the image']],
  [
    'several: usr/local, then usr, then the newest of the others',
    null,
    ['opt/a/lib/python3.9/os.py', 'opt/b/lib/python3.10/os.py', debian, 'usr/local/lib/python3.8/os.py'],
    [
      '3.8 usr/local/lib/python3.8 in the image',
      '3.11 usr/lib/python3.11 in the image',
      '3.10 opt/b/lib/python3.10 in the image',
      '3.9 opt/a/lib/python3.9 in the image',
    ],
  ],
  ['one version in two places', null, ['opt/lib/python3.11/os.py', debian], ['3.11 usr/lib/python3.11 in the image']],
  [
    'one minor version in two places, of which the variable names one',
    '3.11.9',
    [debian, local],
    ['3.11.9 PYTHON_VERSION in the image', '3.11 usr/lib/python3.11 in the image'],
  ],
  ['a variable that is no version', '3', [debian], ['3.11 usr/lib/python3.11 in the image']],
  ['no Python', null, ['usr/lib/python3/os.py', 'lib/python3.11/site-packages/eventlet/os.py', 'app/os.py'], []],
])('%s', (_name, variable, paths, expected) => {
  expect(shown(variable, paths)).toMatchObject({ told: expected, remarks: [] })
})

const program = (version: string | null): Note => ({ kind: 'program', architecture: 'amd64', version })
const text = (text: string): Note => ({ kind: 'text', text })
const link = (target: string): Note => ({ kind: 'symlink', target })
const header = text('#define PY_MINOR_VERSION 11\n#define PY_VERSION      \t"3.11.4+"\n')

describe('the exact version is told by', () => {
  const bin = { 'usr/local/bin/python3.11': program('3.11.2') }
  const library = { 'usr/local/lib/libpython3.11.so.1.0': program('3.11.3') }
  const include = { 'usr/local/include/python3.11/patchlevel.h': header }
  const venv = { 'opt/venv/pyvenv.cfg': text('home = /usr/local/bin\nversion = 3.11.5\n') }
  test.each<[string, Notes, string | null, string]>([
    [
      'the program, over all else',
      { ...venv, ...include, ...library, ...bin },
      '3.11.9',
      '3.11.2 usr/local/bin/python3.11',
    ],
    ['its library, over its header', { ...include, ...library }, '3.11.9', '3.11.3 usr/local/lib/libpython3.11.so.1.0'],
    [
      'its header, over what was made of it',
      { ...venv, ...include },
      '3.11.9',
      '3.11.4 usr/local/include/python3.11/patchlevel.h',
    ],
    ['a virtual environment, over PYTHON_VERSION', venv, '3.11.9', '3.11.5 opt/venv/pyvenv.cfg'],
    ['PYTHON_VERSION, over the name of the standard library', {}, '3.11.9', '3.11.9 PYTHON_VERSION'],
    ['the name of the standard library', {}, null, '3.11 usr/local/lib/python3.11'],
    [
      'a library of a folder for one machine',
      { 'usr/local/lib/x86_64-linux-gnu/libpython3.11.so.1.0': program('3.11.2') },
      null,
      '3.11.2 usr/local/lib/x86_64-linux-gnu/libpython3.11.so.1.0',
    ],
    [
      'nothing that belongs to another one',
      {
        'usr/bin/python3.11': program('3.11.2'),
        'usr/local/bin/python3.12': program('3.12.1'),
        'usr/include/python3.11/patchlevel.h': header,
      },
      null,
      '3.11 usr/local/lib/python3.11',
    ],
    [
      'no program that does not say it',
      { 'usr/local/bin/python3.11': program(null) },
      '3.11.9',
      '3.11.9 PYTHON_VERSION',
    ],
    [
      'what uv writes of an environment',
      {
        'v/pyvenv.cfg': text('home = /bin\nimplementation = CPython\nversion_info = 3.11.6\n'),
        bin: link('usr/local/bin'),
      },
      null,
      '3.11.6 v/pyvenv.cfg',
    ],
    [
      'what virtualenv writes of an environment',
      { 'v/pyvenv.cfg': text('home=/usr/local/bin\nversion_info = 3.11.6.final.0\n') },
      null,
      '3.11.6 v/pyvenv.cfg',
    ],
  ])('%s', (_name, notes, variable, expected) => {
    expect(shown(variable, [local], notes).told).toEqual([`${expected} in the image`])
  })
})

describe('what disagrees is told', () => {
  test.each<[string, string | null, Notes, readonly string[]]>([
    [
      'with all who say so',
      '3.11.9',
      { 'usr/local/bin/python3.11': program('3.11.2'), 'usr/local/include/python3.11/patchlevel.h': header },
      [
        'usr/local/bin/python3.11 in the image is CPython 3.11.2, and that counts, though usr/local/include/python3.11/patchlevel.h in the image says 3.11.4, PYTHON_VERSION in the image says 3.11.9',
      ],
    ],
    [
      'where PYTHON_VERSION names what is not there',
      '3.9.1',
      { 'usr/local/bin/python3.11': program('3.11.2') },
      [
        'PYTHON_VERSION in the image says 3.9.1 and does not count, as it holds CPython 3.11.2 (usr/local/bin/python3.11 in the image)',
      ],
    ],
    ['and nothing where all agree', '3.11.2', { 'usr/local/bin/python3.11': program('3.11.2') }, []],
  ])('%s', (_name, variable, notes, expected) => {
    expect(shown(variable, [local], notes).remarks).toEqual(expected)
  })
})

describe('the one that is reached comes first', () => {
  const both = [local, debian, 'opt/x/lib/python3.12/os.py']
  const notes = {
    'usr/local/bin/python3': link('python3.11'),
    'usr/local/bin/python3.11': program('3.11.9'),
    'usr/bin/python3': link('python3.11'),
    'usr/bin/python3.11': program('3.11.2'),
    bin: link('usr/bin'),
    'opt/x/bin/python3.12': program('3.12.1'),
    'srv/.venv/bin/python': link('/opt/x/bin/python3.12'),
    'copy/bin/python': { kind: 'present' },
    'copy/pyvenv.cfg': text('home = /usr/bin\n'),
    'round/bin/python': link('python'),
  } as const
  test.each([
    ['on PATH', '/usr/local/bin/python3', '/usr/local', '3.11.9'],
    ['in a directory that is a link', '/bin/python3', '/usr', '3.11.2'],
    ['by a virtual environment', '/srv/.venv/bin/python', '/opt/x', '3.12.1'],
    ['by a virtual environment that has a copy', '/copy/bin/python', '/usr', '3.11.2'],
    ['by its own name', '/opt/x/bin/python3.12', '/opt/x', '3.12.1'],
  ])('%s', (_name, path, prefix, version) => {
    const { pythons } = shown(null, both, notes, { path, by: 'start' })
    expect(pythons[0]).toMatchObject({ version, prefix, path, reachedBy: 'start' })
    expect(pythons.slice(1).map(each => each.path)).toEqual([null, null])
  })

  test.each([
    ['none', null],
    ['one that leads in circles', { path: '/round/bin/python', by: 'start' } as const],
    ['no CPython', { path: '/opt/pypy/bin/pypy3', by: 'start' } as const],
  ])('unless it is %s', (_name, reached) => {
    const { told, pythons } = shown(null, both, notes, reached)
    expect(told.map(each => each.split(' ')[0])).toEqual(['3.11.9', '3.11.2', '3.12.1'])
    expect(pythons.map(({ path }) => path)).toEqual([null, null, null])
  })
})
