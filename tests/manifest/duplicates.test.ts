import { expect, test } from 'vitest'
import { duplicateRemarks } from '../../src/diagnosis/duplicate-remarks.ts'
import { takeManifest } from '../../src/manifest/take-manifest.ts'
import type { Path } from '../../src/model/path.ts'
import { imageStage, memorySource, uploadStage, type Written } from '../support/memory-source.ts'

type Layer = readonly (readonly [string, Written])[]
const [directory, link] = [{ kind: 'directory' } as const, { kind: 'symlink', target: Buffer.from('a') } as const]

const duplicatesOf = async (...layers: Layer[]) =>
  (await takeManifest(memorySource(imageStage, ...layers), 'sha1')).duplicates

test.each<[string, Layer, [string, boolean][]]>([
  [
    'none',
    [
      ['a.py', '1'],
      ['b.py', '1'],
    ],
    [],
  ],
  [
    'a directory that comes twice',
    [
      ['a', directory],
      ['a', directory],
    ],
    [],
  ],
  [
    'the same bytes twice',
    [
      ['a.py', '1'],
      ['a.py', '1'],
    ],
    [['a.py', false]],
  ],
  [
    'other bytes',
    [
      ['a.py', '1'],
      ['a.py', '2'],
    ],
    [['a.py', true]],
  ],
  [
    'other bytes, and the first ones again',
    [
      ['a.py', '1'],
      ['a.py', '2'],
      ['a.py', '2'],
    ],
    [['a.py', true]],
  ],
  [
    'other bytes of what is no Python',
    [
      ['a.txt', '1'],
      ['a.txt', '2'],
    ],
    [['a.txt', false]],
  ],
  [
    'a file and a link',
    [
      ['a.py', '1'],
      ['a.py', link],
    ],
    [['a.py', true]],
  ],
  [
    'a directory and a file',
    [
      ['a.py', directory],
      ['a.py', '1'],
    ],
    [['a.py', true]],
  ],
  [
    'several, by where they come last',
    [
      ['a.py', '1'],
      ['b.py', '1'],
      ['b.py', '1'],
      ['a.py', '1'],
    ],
    [
      ['b.py', false],
      ['a.py', false],
    ],
  ],
])('%s', async (_name, layer, expected) => {
  expect((await duplicatesOf(layer)).map(({ path, differs }) => [path, differs])).toEqual(expected)
})

test('a path in two layers is no duplicate, and one within a layer names it', async () => {
  expect(await duplicatesOf([['a.py', '1']], [['a.py', '2']])).toEqual([])
  expect(
    await duplicatesOf(
      [],
      [
        ['a.py', '1'],
        ['a.py', '1'],
      ],
    ),
  ).toEqual([{ path: 'a.py', layer: 1, differs: false }])
})

test.each<[string, Layer]>([
  [
    'a file below a link',
    [
      ['lib', link],
      ['lib/a.py', '1'],
    ],
  ],
  [
    'a link in the place of a folder',
    [
      ['lib/deep/a.py', '1'],
      ['lib', link],
    ],
  ],
])('an upload cannot hold %s; in a layer what comes later takes the place', async (_name, layer) => {
  await expect(takeManifest(memorySource(uploadStage, layer), 'sha1')).rejects.toMatchObject({
    code: 'archive-unreadable',
    message: expect.stringMatching(/"lib\/.*a\.py" lies below "lib", which is no directory/),
  })
  await expect(takeManifest(memorySource(imageStage, layer), 'sha1')).resolves.toBeDefined()
})

test('remarks name the first few, those with other bytes before the others', () => {
  const many = Array.from({ length: 7 }, (_, i) => ({ path: `f${i}.py` as Path, layer: 0, differs: false }))
  const differing = { path: 'a\u001b.py' as Path, layer: 0, differs: true }
  const remarks = duplicateRemarks([{ stage: uploadStage, duplicates: [...many, differing] }])
  expect(remarks).toEqual([
    'upload holds more than once, and with different bytes: "a\\u001b.py". The last counts, as with tar and unzip -o; ' +
      'whoever takes the first runs other code. Pack each file once',
    'upload holds more than once: "f0.py", "f1.py", "f2.py", "f3.py", "f4.py" and 2 more. The last counts',
  ])
})
