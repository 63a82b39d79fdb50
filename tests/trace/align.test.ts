import { describe, expect, test } from 'vitest'
import { takeManifest } from '../../src/manifest/take-manifest.ts'
import { type Path, rootPath } from '../../src/model/path.ts'
import type { Stage } from '../../src/model/stage.ts'
import type { PathMapping } from '../../src/model/trace.ts'
import { type AlignOptions, align } from '../../src/trace/align.ts'
import { commitStage, imageStage, memorySource, worktreeStage } from '../support/memory-source.ts'

type Files = Record<string, string>

const plain: AlignOptions = {
  sourceDirectory: rootPath,
  mappings: [],
  workingDirectories: new Map(),
  builds: new Map(),
}
const workdir = (path: string): AlignOptions => ({ ...plain, workingDirectories: new Map([['image', path as Path]]) })

const option = (imageDirectory: string, sourceDirectory: string): PathMapping => ({
  imageDirectory: imageDirectory as Path,
  sourceDirectory: sourceDirectory as Path,
  from: 'option',
  votes: 0,
})

/** Each trace as its path and, for each stage that was looked at, where that stage keeps the file. */
async function traced(stages: readonly (readonly [Stage, Files])[], options: AlignOptions = plain) {
  const manifests = await Promise.all(
    stages.map(([stage, files]) => takeManifest(memorySource(stage, Object.entries(files)), 'sha1')),
  )
  const { traces } = align(manifests, options)
  return Object.fromEntries(traces.map(({ path, steps }) => [path, steps.map(({ file }) => file?.path ?? null)]))
}

test('a file over the stages, absent where it is absent', async () => {
  const stages = [
    [commitStage, { 'a.py': '1', 'gone.py': '2' }],
    [worktreeStage, { 'a.py': '1', 'new.py': '3' }],
  ] as const
  expect(await traced(stages)).toEqual({
    'a.py': ['a.py', 'a.py'],
    'gone.py': ['gone.py', null],
    'new.py': [null, 'new.py'],
  })
})

/** No content that is in two places by chance. */
const one = '1'.repeat(100)

describe('files of an image', () => {
  const commit = [commitStage, { 'app/a.py': one, 'app/b.py': '2', 'tests/t.py': '3' }] as const

  test.each<[string, Files, AlignOptions, Record<string, (string | null)[]>]>([
    [
      'stand under their paths in the source',
      { 'srv/app/a.py': one, 'srv/app/b.py': 'altered' },
      plain,
      {
        'app/a.py': ['app/a.py', 'srv/app/a.py'],
        'app/b.py': ['app/b.py', 'srv/app/b.py'],
        'tests/t.py': ['tests/t.py', null],
      },
    ],
    [
      'that are only there count beside the source, and nowhere else',
      { 'srv/app/a.py': one, 'srv/app/extra.py': 'x', 'srv/other/y.py': 'y', 'usr/lib/python3.11/os.py': 'os' },
      plain,
      {
        'app/a.py': ['app/a.py', 'srv/app/a.py'],
        'app/b.py': ['app/b.py', null],
        'srv/app/extra.py': [null, 'srv/app/extra.py'],
        'tests/t.py': ['tests/t.py', null],
      },
    ],
    [
      'that are only there count in a directory of the source at the root, and not in what the system has there',
      { 'app/a.py': one, 'app/extra.py': 'x', 'x.py': 'x', 'tests/x.py': 'x', 'usr/bin/tool.py': 'x' },
      plain,
      {
        'app/a.py': ['app/a.py', 'app/a.py'],
        'app/b.py': ['app/b.py', null],
        'app/extra.py': [null, 'app/extra.py'],
        'tests/t.py': ['tests/t.py', null],
      },
    ],
    [
      'are looked for where the user says',
      { 'opt/x/a.py': 'other', 'opt/x/b.py': 'other too' },
      { ...plain, mappings: [option('opt/x', 'app')] },
      {
        'app/a.py': ['app/a.py', 'opt/x/a.py'],
        'app/b.py': ['app/b.py', 'opt/x/b.py'],
        'tests/t.py': ['tests/t.py', null],
      },
    ],
    [
      'are looked for in the working directory when no content tells',
      { 'srv/app/a.py': 'all', 'srv/app/b.py': 'altered' },
      workdir('srv'),
      {
        'app/a.py': ['app/a.py', 'srv/app/a.py'],
        'app/b.py': ['app/b.py', 'srv/app/b.py'],
        'tests/t.py': ['tests/t.py', null],
      },
    ],
    [
      'give no step when nothing of the source is there',
      { 'usr/lib/python3.11/os.py': 'os' },
      workdir('srv'),
      { 'app/a.py': ['app/a.py'], 'app/b.py': ['app/b.py'], 'tests/t.py': ['tests/t.py'] },
    ],
  ])('%s', async (_name, image, options, expected) => {
    expect(await traced([commit, [imageStage, image]], options)).toEqual(expected)
  })
})

test('a second copy of a file of the source, beside others under their own names, is not one that only the image has', async () => {
  const source = { 'app/a.py': one, 'app/b.py': '2', 'top.py': '3' }
  const image = {
    'srv/app/a.py': one,
    'srv/app/b.py': '2',
    'srv/lib/top.py': '3',
    'srv/lib/a.py': one,
    'srv/lib/b.py': '2',
  }
  const mappings = [option('srv', ''), option('srv/lib', ''), option('srv/lib', 'app')]
  const stages = [
    [commitStage, source],
    [imageStage, image],
  ] as const
  expect(await traced(stages, { ...plain, mappings })).toEqual({
    'app/a.py': ['app/a.py', 'srv/app/a.py'],
    'app/b.py': ['app/b.py', 'srv/app/b.py'],
    'top.py': ['top.py', 'srv/lib/top.py'],
  })
})

test('beside a file of the source in a directory that the system has at the root, nothing counts', async () => {
  const stages = [
    [commitStage, { 'bin/a.py': '1', 'bin/b.py': '2' }],
    [imageStage, { 'bin/a.py': '1', 'bin/b.py': '2', 'bin/x.py': 'x' }],
  ] as const
  expect(Object.keys(await traced(stages))).toEqual(['bin/a.py', 'bin/b.py'])
})
