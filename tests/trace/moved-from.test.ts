import { expect, test } from 'vitest'
import type { Placement } from '../../src/model/build.ts'
import type { PythonFile } from '../../src/model/manifest.ts'
import type { Path } from '../../src/model/path.ts'
import { movedFrom } from '../../src/trace/moved-from.ts'

/** Where the image holds files, or where a layer deleted them, by layer. */
type Layers = Readonly<Record<string, number>>

/** Where `/srv/lib` had what `app` of the source holds, by a Dockerfile that puts the files so. */
function moved(placed: Readonly<Record<string, readonly string[]>>, image: Layers, deleted: Layers) {
  const placements = Object.entries(placed).flatMap(([path, places]) =>
    places.map(imagePath => ({ path, imagePath }) as unknown as Placement),
  )
  const held = Object.entries(image).map(([path, layer]) => [path as Path, { layer } as PythonFile] as const)
  return movedFrom(
    { imageDirectory: 'srv/lib' as Path, sourceDirectory: 'app' as Path, from: 'content', votes: 1 },
    { image: new Map(held), deleted: new Map(Object.entries(deleted) as [Path, number][]), placements },
  )
}

const a = 'app/a.py'
const b = 'app/b.py'

test.each<[string, ReturnType<typeof moved>, ReturnType<typeof moved>]>([
  [
    'all of it, by one layer',
    moved(
      { [a]: ['srv/app/a.py'], [b]: ['srv/app/b.py'] },
      { 'srv/lib/a.py': 3, 'srv/lib/b.py': 3 },
      { 'srv/app/a.py': 3, 'srv/app/b.py': 3 },
    ),
    { from: 'srv/app' as Path, layer: 3 },
  ],
  [
    'one file',
    moved(
      { [a]: ['srv/app/a.py'], [b]: ['srv/app/b.py'] },
      { 'srv/lib/a.py': 1, 'srv/app/b.py': 0 },
      { 'srv/app/a.py': 1 },
    ),
    { from: 'srv/app' as Path, layer: 1 },
  ],
  ['out of the root', moved({ [a]: ['a.py'] }, { 'srv/lib/a.py': 1 }, { 'a.py': 1 }), { from: '' as Path, layer: 1 }],
  [
    'copied, and still there',
    moved({ [a]: ['srv/app/a.py'] }, { 'srv/lib/a.py': 1, 'srv/app/a.py': 0 }, {}),
    undefined,
  ],
  [
    'deleted by another layer',
    moved({ [a]: ['srv/app/a.py'] }, { 'srv/lib/a.py': 1 }, { 'srv/app/a.py': 2 }),
    undefined,
  ],
  [
    'put at two places, one of which is left',
    moved({ [a]: ['srv/app/a.py', 'opt/a.py'] }, { 'srv/lib/a.py': 1, 'opt/a.py': 0 }, { 'srv/app/a.py': 1 }),
    undefined,
  ],
  [
    'from two directories',
    moved(
      { [a]: ['srv/app/a.py'], [b]: ['opt/b.py'] },
      { 'srv/lib/a.py': 3, 'srv/lib/b.py': 3 },
      { 'srv/app/a.py': 3, 'opt/b.py': 3 },
    ),
    undefined,
  ],
  [
    'put there under another name',
    moved({ [a]: ['srv/app/start.py'] }, { 'srv/lib/a.py': 1 }, { 'srv/app/start.py': 1 }),
    undefined,
  ],
  [
    'of a Dockerfile that puts nothing of it',
    moved({ 'other/a.py': ['srv/other/a.py'] }, { 'srv/lib/a.py': 1 }, {}),
    undefined,
  ],
])('%s', (_name, found, expected) => expect(found).toEqual(expected))
