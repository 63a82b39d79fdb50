import { expect, test } from 'vitest'
import type { PythonFile } from '../../src/model/manifest.ts'
import type { Path } from '../../src/model/path.ts'
import { pathShadows } from '../../src/trace/path-shadows.ts'

const file = (path: string, content: string) =>
  [
    path as Path,
    { kind: 'file', path: path as Path, size: 1, sha256: content, blobId: content, layer: 0 } as PythonFile,
  ] as const
const library = 'usr/local/lib/python3.11/site-packages'
const python = new Map([
  file('srv/app/a.py', 'a'),
  file('srv/app/b.py', 'b'),
  file('srv/start.py', 's'),
  file('opt/other/app/a.py', 'A'),
  file('opt/other/app/b.py', 'b'),
  file('opt/other/c.py', 'c'),
  file('srv/plugins/app/a.py', 'p'),
  file(`${library}/app/b.py`, 'b'),
  file('opt/b/app/b.py', 'B'),
])
const twin = { path: 'opt/other/app/a.py', insteadOf: 'srv/app/a.py' }

test.each<[string, string, readonly string[], readonly object[]]>([
  ['where the source is', '/srv', ['srv'], []],
  ['below it', '/srv/plugins', ['srv'], []],
  ['where other bytes are', '/opt/other', ['srv'], [{ directory: '/opt/other', isFirst: false, files: [twin] }]],
  [
    'there, from the working directory',
    'x:../opt/other/',
    ['srv'],
    [{ directory: '../opt/other/', isFirst: false, files: [twin] }],
  ],
  ['where the same bytes are', `/${library}`, ['srv'], []],
  [
    'before where the source is installed',
    '/opt/b',
    [library],
    [{ directory: '/opt/b', isFirst: true, files: [{ path: 'opt/b/app/b.py', insteadOf: `${library}/app/b.py` }] }],
  ],
  ['to nothing', '/nowhere', ['srv'], []],
  ['nowhere', '::', ['srv'], []],
  ['with a mapping of a single file', '/opt/other', ['srv/start.py'], []],
])('PYTHONPATH leads %s', (_name, pythonPath, places, expected) => {
  const mappings = places.map(
    place => ({ imageDirectory: place as Path, sourceDirectory: '' as Path, from: 'content', votes: 1 }) as const,
  )
  expect(pathShadows({ python }, { mappings, pythonPath, workingDirectory: 'srv' as Path })).toEqual(expected)
})
