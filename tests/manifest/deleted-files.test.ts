import { expect, test } from 'vitest'
import { takeManifest } from '../../src/manifest/take-manifest.ts'
import type { Path } from '../../src/model/path.ts'
import { imageStage, memorySource, type Written } from '../support/memory-source.ts'

type Layers = readonly (readonly (readonly [string, Written])[])[]

const gone = { kind: 'whiteout' } as const

test.each<[string, Layers, Record<string, number>]>([
  ['none', [[['a.py', '1']]], {}],
  [
    'a file',
    [
      [
        ['a.py', '1'],
        ['b.txt', '1'],
      ],
      [
        ['a.py', gone],
        ['b.txt', gone],
      ],
    ],
    { 'a.py': 1 },
  ],
  ['a directory above it', [[['x/y/a.py', '1']], [['x', gone]]], { 'x/y/a.py': 1 }],
  [
    'all in a directory',
    [
      [['x/a.py', '1']],
      [
        ['x', { kind: 'opaque' }],
        ['x/b.py', '2'],
      ],
    ],
    { 'x/a.py': 1 },
  ],
  ['and written again', [[['a.py', '1']], [['a.py', gone]], [['a.py', '2']]], {}],
  ['and deleted again', [[['a.py', '1']], [['a.py', gone]], [['a.py', '2']], [['a.py', gone]]], { 'a.py': 3 }],
  [
    'a hard link',
    [
      [
        ['a.py', '1'],
        ['b.py', { kind: 'hardlink', target: 'a.py' as Path }],
      ],
      [['b.py', gone]],
    ],
    { 'b.py': 1 },
  ],
  ['before it was there', [[['a.py', gone]], [['b.py', '1']]], {}],
])('deleted: %s', async (_name, layers, expected) => {
  const { deleted } = await takeManifest(memorySource(imageStage, ...layers), 'sha1')
  expect(Object.fromEntries(deleted)).toEqual(expected)
})

test('bytecode is kept by its beginning, of images only', async () => {
  const pyc = Buffer.from('0123456789abcdefmore')
  const records = [
    [
      ['a.pyc', 'short'],
      ['b.pyc', 'old'],
      ['a.py', '1'],
    ],
    [['b.pyc', pyc]],
  ] as const
  const { bytecode, python } = await takeManifest(memorySource(imageStage, ...records), 'sha1')
  expect(
    [...bytecode].map(([path, { size, layer, header }]) => [path, size, layer, Buffer.from(header).toString()]).sort(),
  ).toEqual([
    ['a.pyc', 5, 0, 'short'],
    ['b.pyc', 20, 1, '0123456789abcdef'],
  ])
  expect([...python.keys()]).toEqual(['a.py'])
})
