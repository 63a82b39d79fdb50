import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { takeManifest } from '../../src/manifest/take-manifest.ts'
import type { Path } from '../../src/model/path.ts'
import { commitStage, imageStage, memorySource, type Written } from '../support/memory-source.ts'
import { git, makeRepository } from '../support/repository.ts'
import { temporaryFolder } from '../support/temporary.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const link = (target: string) => ({ kind: 'hardlink', target: target as Path }) as const
const [whiteout, opaque, directory] = (['whiteout', 'opaque', 'directory'] as const).map(kind => ({ kind })) as [
  Written,
  Written,
  Written,
]

/** Path, content and layer of each Python file in the end; contents are told by their digest. */
async function manifestOf(...layers: readonly (readonly [string, Written])[][]) {
  const manifest = await takeManifest(memorySource(imageStage, ...layers), 'sha1')
  return {
    files: manifest.files,
    python: [...manifest.python.values()].map(({ path, sha256, layer }) => [path, sha256, layer]),
  }
}

describe('which file is left, and from which layer', () => {
  test.each<[string, (readonly [string, Written])[][], number, [string, string, number][]]>([
    [
      'one layer',
      [
        [
          ['a.py', 'a'],
          ['b.txt', 'b'],
        ],
      ],
      2,
      [['a.py', 'a', 0]],
    ],
    [
      'sorted bytewise',
      [
        [
          ['é.py', '1'],
          ['z.py', '2'],
          ['Z.py', '3'],
        ],
      ],
      3,
      [
        ['Z.py', '3', 0],
        ['z.py', '2', 0],
        ['é.py', '1', 0],
      ],
    ],
    [
      'the last record of a path counts',
      [
        [
          ['a.py', 'old'],
          ['a.py', 'new'],
        ],
      ],
      1,
      [['a.py', 'new', 0]],
    ],
    ['an upper layer replaces', [[['a.py', 'low']], [['a.py', 'high']]], 1, [['a.py', 'high', 1]]],
    [
      'a whiteout removes a file',
      [
        [
          ['d/a.py', 'a'],
          ['d/b.py', 'b'],
        ],
        [['d/a.py', whiteout]],
      ],
      1,
      [['d/b.py', 'b', 0]],
    ],
    [
      'a whiteout removes a directory',
      [
        [
          ['d/a.py', 'a'],
          ['d/e/b.py', 'b'],
        ],
        [['d', whiteout]],
      ],
      0,
      [],
    ],
    [
      'a whiteout hides only what is below its layer',
      [
        [['a.py', 'low']],
        [
          ['a.py', 'high'],
          ['a.py', whiteout],
        ],
      ],
      1,
      [['a.py', 'high', 1]],
    ],
    [
      'a whiteout beside the directory that is made anew',
      [
        [['d/a.py', 'a']],
        [
          ['d', directory],
          ['d', whiteout],
        ],
      ],
      0,
      [],
    ],
    [
      'a file, and then a directory, in place of a directory',
      [
        [['d/a.py', 'a']],
        [
          ['d', 'file'],
          ['d', directory],
          ['d/b.py', 'b'],
        ],
      ],
      1,
      [['d/b.py', 'b', 1]],
    ],
    ['a whiteout of nothing', [[['a.py', 'a']], [['x/y.py', whiteout]]], 1, [['a.py', 'a', 0]]],
    [
      'an opaque directory',
      [
        [
          ['d/a.py', 'a'],
          ['b.py', 'b'],
        ],
        [
          ['d/c.py', 'c'],
          ['d', opaque],
        ],
      ],
      2,
      [
        ['b.py', 'b', 0],
        ['d/c.py', 'c', 1],
      ],
    ],
    [
      'an opaque root',
      [
        [['d/a.py', 'a']],
        [
          ['', opaque],
          ['c.py', 'c'],
        ],
      ],
      1,
      [['c.py', 'c', 1]],
    ],
    ['a file replaces a directory', [[['d.py/a.py', 'a']], [['d.py', 'file']]], 1, [['d.py', 'file', 1]]],
    ['a directory replaces a file', [[['d.py', 'file']], [['d.py', directory]]], 0, []],
    ['a directory leaves a directory as it is', [[['d/a.py', 'a']], [['d', directory]]], 1, [['d/a.py', 'a', 0]]],
    [
      'a symlink replaces a directory',
      [[['d/a.py', 'a']], [['d', { kind: 'symlink', target: Buffer.from('/x') }]]],
      1,
      [],
    ],
    [
      'a directory that is called x.py is no file',
      [
        [
          ['x.py', directory],
          ['x.py/a.py', 'a'],
        ],
      ],
      1,
      [['x.py/a.py', 'a', 0]],
    ],
    [
      'a script without extension',
      [
        [
          ['run', '#!/usr/bin/env python3\nx'],
          ['sh', '#!/bin/sh\n'],
          ['bin', '\x7fELF'],
        ],
      ],
      3,
      [['run', '#!/usr/bin/env python3\nx', 0]],
    ],
    ['a submodule is no Python file', [[['m.py', { kind: 'gitlink', commit: 'c' }]]], 1, []],
    ['a symlink is its text', [[['a.py', { kind: 'symlink', target: Buffer.from('b.py') }]]], 1, [['a.py', 'b.py', 0]]],
  ])('%s', async (_name, layers, files, python) => {
    const expected = python.map(([path, content, layer]) => [path, sha256(content), layer])
    expect(await manifestOf(...layers)).toEqual({ files, python: expected })
  })
})

describe('hard links', () => {
  test.each<[string, (readonly [string, Written])[][], [string, string, number][]]>([
    [
      'to a Python file',
      [
        [
          ['a.py', 'a'],
          ['b.py', link('a.py')],
        ],
      ],
      [
        ['a.py', 'a', 0],
        ['b.py', 'a', 0],
      ],
    ],
    [
      'keep what the target was when they were made',
      [
        [
          ['a.py', 'old'],
          ['b.py', link('a.py')],
        ],
        [['a.py', 'new']],
      ],
      [
        ['a.py', 'new', 1],
        ['b.py', 'old', 0],
      ],
    ],
    [
      'into a lower layer',
      [[['a.py', 'a']], [['b.py', link('a.py')]]],
      [
        ['a.py', 'a', 0],
        ['b.py', 'a', 1],
      ],
    ],
    [
      'to a file whose name tells nothing',
      [[['data.bin', 'a']], [['b.py', link('data.bin')]], [['data.bin', 'later']]],
      [['b.py', 'a', 1]],
    ],
    [
      'to a link to such a file',
      [
        [
          ['data.bin', 'a'],
          ['b.py', link('data.bin')],
          ['c.py', link('b.py')],
        ],
      ],
      [
        ['b.py', 'a', 0],
        ['c.py', 'a', 0],
      ],
    ],
    [
      'to a link to it, under another name that tells nothing',
      [
        [
          ['data.bin', 'a'],
          ['data.txt', link('data.bin')],
          ['c.py', link('data.txt')],
        ],
      ],
      [['c.py', 'a', 0]],
    ],
    [
      'to what is no file any more',
      [
        [
          ['a.py', 'a'],
          ['a.py', { kind: 'special' }],
          ['b.py', link('a.py')],
        ],
      ],
      [],
    ],
    [
      'under a name that tells nothing',
      [
        [
          ['a.py', 'a'],
          ['b.txt', link('a.py')],
          ['b', link('a.py')],
        ],
      ],
      [['a.py', 'a', 0]],
    ],
    [
      'of a script',
      [
        [
          ['s.py', '#!/usr/bin/python\n'],
          ['s', link('s.py')],
        ],
      ],
      [
        ['s', '#!/usr/bin/python\n', 0],
        ['s.py', '#!/usr/bin/python\n', 0],
      ],
    ],
  ])('%s', async (_name, layers, python) => {
    expect((await manifestOf(...layers)).python).toEqual(
      python.map(([path, content, layer]) => [path, sha256(content), layer]),
    )
  })

  test.each([
    ['a target that is not there', link('gone.py')],
    ['a target that is a directory', link('d')],
  ])('with %s are refused by name', async (_name, written) => {
    const broken = manifestOf([
      ['d', directory],
      ['app/b.py', written],
    ])
    await expect(broken).rejects.toMatchObject({
      code: 'image-unreadable',
      message: expect.stringContaining('"app/b.py"'),
    })
  })
})

test('directories deeper than any call stack', async () => {
  const path = `${'d/'.repeat(200_000)}a.py`
  expect((await manifestOf([[path, 'a']])).python).toEqual([[path, sha256('a'), 0]])
})

test.each(['sha1', 'sha256'] as const)('blob ids are those of git in a %s repository', async objectFormat => {
  await using folder = await temporaryFolder()
  const files = { 'a.py': 'x = 1\n', 'empty.py': '', 'crlf.py': Buffer.from('x\r\n\0\xff', 'latin1') }
  await makeRepository(folder.path, files, { objectFormat })
  const listed = (await git(folder.path, 'ls-tree', '--format=%(path) %(objectname)', 'HEAD')).split('\n')
  const source = memorySource(commitStage, Object.entries(files))
  const { python } = await takeManifest(source, objectFormat)
  expect([...python.values()].map(({ path, blobId }) => `${path} ${blobId}`)).toEqual(listed)
})
