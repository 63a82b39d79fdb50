import { expect, test } from 'vitest'
import type { Path } from '../../src/model/path.ts'
import { directories } from '../../src/report/directories.ts'

test.each([
  ['of the top', ['a.py', 'b.py'], 'the top directory 2'],
  ['of one directory', ['app/a.py', 'app/b.py'], 'app/ 2'],
  [
    'below the one that holds all, most first',
    ['src/a/x.py', 'src/b/x.py', 'src/b/y/z.py', 'src/m.py'],
    'src/b/ 2 · src/a/ 1 · src/ 1',
  ],
  ['of more than are named', ['a/x.py', 'b/x.py', 'c/x.py', 'd/x.py', 'e/x.py'], 'a/ 1 · b/ 1 · c/ 1 · 2 more'],
])('files %s', (_name, paths, expected) => expect(directories(paths as Path[])).toBe(expected))
