import { expect, test } from 'vitest'
import { takeManifest } from '../../src/manifest/take-manifest.ts'
import { type Path, rootPath } from '../../src/model/path.ts'
import { align } from '../../src/trace/align.ts'
import { newDirectories } from '../../src/trace/new-directories.ts'
import { commitStage, imageStage, memorySource, type Written } from '../support/memory-source.ts'

type Files = Readonly<Record<string, Written>>

interface Looked {
  /** Over those of the commit. */
  readonly source?: Files
  readonly sourceDirectory?: string
  readonly excluded?: readonly string[]
  readonly written?: readonly string[]
}

const commit: Files = { 'app/a.py': 'a', 'app/sub/b.py': 'b', 'top.py': 'top' }
const copied: Files = { 'srv/app/a.py': 'a', 'srv/app/sub/b.py': 'b', 'srv/top.py': 'top' }

/** The new directories of an image by its layers, each as `directory (layer): files`. */
async function told(layers: readonly Files[], looked: Looked = {}): Promise<string[]> {
  const { source = {}, sourceDirectory = rootPath, excluded = [], written = [] } = looked
  const manifests = [
    await takeManifest(memorySource(commitStage, Object.entries({ ...commit, ...source })), 'sha1'),
    await takeManifest(memorySource(imageStage, ...layers.map(each => Object.entries(each))), 'sha1'),
  ]
  const places = {
    sourceDirectory: sourceDirectory as Path,
    mappings: [],
    workingDirectories: new Map(),
    builds: new Map(),
  }
  const found = newDirectories(manifests, {
    ...places,
    ...align(manifests, places),
    isExcluded: path => excluded.includes(path),
    isWritten: (stage, path) => stage === 'image' && written.includes(path),
  })
  for (const { stage, before } of found) expect([stage, before]).toEqual([imageStage, commitStage])
  return found.map(
    ({ directory, layer, files }) => `${directory} (${layer}): ${files.map(({ path }) => path).join(' ')}`,
  )
}

test.each<[string, Files, string[]]>([
  ['one beside the source', { 'srv/extra/x.py': 'x' }, ['srv/extra (1): srv/extra/x.py']],
  [
    'one below a package, with all that is below it',
    { 'srv/app/sub/new/y.py': 'y', 'srv/app/sub/new/deep/z.py': 'z' },
    ['srv/app/sub/new (1): srv/app/sub/new/deep/z.py srv/app/sub/new/y.py'],
  ],
  [
    'several, each by itself',
    { 'srv/one/x.py': 'x', 'srv/two/x.py': 'y' },
    ['srv/one (1): srv/one/x.py', 'srv/two (1): srv/two/x.py'],
  ],
  [
    'with an empty file beside one that is not',
    { 'srv/e/__init__.py': '', 'srv/e/x.py': 'x' },
    ['srv/e (1): srv/e/__init__.py srv/e/x.py'],
  ],
  ['nothing but what the source holds elsewhere', { 'srv/copy/a.py': 'a', 'srv/copy/__init__.py': '' }, []],
  ['no Python', { 'srv/extra/x.txt': 'x' }, []],
  ['a file in a directory that the source has', { 'srv/app/new.py': 'x' }, []],
  ['beside where the source went', { 'other/x.py': 'x' }, []],
  ['packages', { 'srv/lib/python3.11/site-packages/x.py': 'x', 'srv/x/dist-packages/y.py': 'y' }, []],
  ['hidden', { 'srv/.git/hooks/x.py': 'x', 'srv/app/.cache/x.py': 'x', 'srv/new/.y/x.py': 'x' }, []],
  ['bytecode folders and packages of Node', { 'srv/app/__pycache__/x.py': 'x', 'srv/node_modules/gyp/x.py': 'x' }, []],
  ['a virtual environment', { 'srv/env/pyvenv.cfg': 'home = /usr/bin\n', 'srv/env/bin/x.py': 'x' }, []],
  [
    'pip install --target',
    { 'srv/deps/six-1.dist-info/METADATA': 'Name: six\n', 'srv/deps/six.py': 'x', 'srv/deps/p/q.py': 'q' },
    [],
  ],
  ['pip install --target to the source', { 'srv/six-1.dist-info/METADATA': 'Name: six\n', 'srv/six/x.py': 'x' }, []],
  [
    'below a package of the source, with packages above it',
    { 'srv/six-1.dist-info/METADATA': 'Name: six\n', 'srv/app/gen/x.py': 'x' },
    ['srv/app/gen (1): srv/app/gen/x.py'],
  ],
])('%s', async (_name, files, expected) => expect(await told([copied, files])).toEqual(expected))

test('one for each layer that wrote there', async () => {
  const layers = [copied, { 'srv/extra/x.py': 'x', 'srv/extra/y.py': 'y' }, { 'srv/extra/y.py': 'other' }]
  expect(await told(layers)).toEqual(['srv/extra (1): srv/extra/x.py', 'srv/extra (2): srv/extra/y.py'])
})

test('what the base image brings along below the source', async () => {
  expect(await told([{ 'srv/old/x.py': 'x' }, copied])).toEqual(['srv/old (0): srv/old/x.py'])
})

test('the source at the root: only what is below its own directories', async () => {
  const atRoot = { 'app/a.py': 'a', 'app/sub/b.py': 'b', 'top.py': 'top' }
  const besides = { 'app/new/x.py': 'x', 'other/x.py': 'x', 'usr/share/gdb/x.py': 'x' }
  expect(await told([atRoot, besides])).toEqual(['app/new (1): app/new/x.py'])
})

test('the source in a directory that the system shares out', async () => {
  const shared = { 'usr/local/bin/top.py': 'top', 'usr/local/app/a.py': 'a' }
  const besides = { 'usr/local/share/gdb/x.py': 'x', 'usr/local/bin/y/x.py': 'x', 'usr/local/app/new/x.py': 'x' }
  const source = { 'bin/top.py': 'top', 'top.py': 'other' }
  expect(await told([shared, besides], { source })).toEqual(['usr/local/app/new (1): usr/local/app/new/x.py'])
})

test.each<[string, Looked]>([
  ['excluded by its path in the image', { excluded: ['srv/extra/x.py'] }],
  ['excluded by the path that it would have in the source', { excluded: ['extra/x.py'] }],
  ['written by the Dockerfile itself', { written: ['srv/extra/x.py'] }],
  ['of a part of the repository that is not looked at', { sourceDirectory: 'app' }],
  ['below a submodule', { source: { extra: { kind: 'gitlink', commit: '0' } } }],
  ['below a symbolic link of the source', { source: { extra: { kind: 'symlink', target: Buffer.from('app') } } }],
])('%s', async (_name, looked) => {
  expect(await told([copied, { 'srv/extra/x.py': 'x' }], looked)).toEqual([])
})

test('an image by itself has none', async () => {
  const image = await takeManifest(memorySource(imageStage, Object.entries(copied)), 'sha1')
  const nothing = { sourceDirectory: rootPath, traces: [], mappings: new Map() }
  expect(newDirectories([image], { ...nothing, isExcluded: () => false, isWritten: () => false })).toEqual([])
})
