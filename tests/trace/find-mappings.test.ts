import { expect, test } from 'vitest'
import { takeManifest } from '../../src/manifest/take-manifest.ts'
import type { BuildPlan, Placement } from '../../src/model/build.ts'
import { type Path, rootPath } from '../../src/model/path.ts'
import { findMappings } from '../../src/trace/find-mappings.ts'
import { commitStage, memorySource } from '../support/memory-source.ts'

type Files = Record<string, string>

const filesOf = async (files: Files) =>
  (await takeManifest(memorySource(commitStage, Object.entries(files)), 'sha1')).python

interface Told {
  readonly directory?: string
  readonly placed?: Readonly<Record<string, string>>
  /** By the layer that wrote all that is there. */
  readonly deleted?: readonly string[]
}

/** `image directory = source directory`, and how it was found. */
async function find(source: Files, image: Files, { directory, placed = {}, deleted = [] }: Told): Promise<string[]> {
  const placements = Object.entries(placed).map(
    ([path, imagePath]): Placement => ({
      path: path as Path,
      imagePath: imagePath as Path,
      imageDirectory: imagePath as Path,
      sourceDirectory: path as Path,
      by: { from: 'Dockerfile:2', text: 'COPY' },
    }),
  )
  const found = findMappings([await filesOf(source)], await filesOf(image), {
    sourceDirectory: rootPath,
    mappings: [],
    workingDirectory: directory as Path | undefined,
    deleted: new Map(deleted.map(path => [path as Path, 0])),
    build: { placements } as unknown as BuildPlan,
  })
  return found.map(({ imageDirectory, sourceDirectory, from }) => `${imageDirectory}=${sourceDirectory} ${from}`)
}

const short = 'from .x import *\n'
const long = `${'# a line of a licence\n'.repeat(5)}a = 1\n`

const source = { 'app/__init__.py': short, 'app/a.py': 'a = 1\n', 'app/b.py': 'b = 1\n', 'app/main.py': 'main = 1\n' }
const tool = { 'opt/tool/__init__.py': short, 'opt/tool/main.py': 'other\n' }

test.each<[string, Files, Files, Told, string[]]>([
  [
    'where more is found',
    source,
    { 'srv/a.py': 'a = 1\n', 'srv/b.py': 'b = 1\n', 'srv/__init__.py': '1\n', ...tool },
    {},
    ['srv=app content'],
  ],
  [
    'where a longer one is found',
    { 'x/a.py': long, 'y/b.py': short },
    { 'srv/b.py': short, 'opt/a.py': long },
    {},
    ['opt=x content'],
  ],
  [
    'where the Dockerfile tells of another place',
    source,
    { 'srv/a.py': 'changed\n', ...tool },
    { placed: { 'app/a.py': 'srv/a.py' } },
    ['srv/a.py=app/a.py dockerfile'],
  ],
  [
    'where more stands in the working directory',
    source,
    { 'srv/app/a.py': '2\n', 'srv/app/b.py': '2\n', ...tool },
    { directory: 'srv' },
    ['srv= working-directory'],
  ],
])('a short content at one place is no place of the source: %s', async (_name, files, image, told, expected) =>
  expect(await find(files, image, told)).toEqual(expected),
)

test.each<[string, Files, Files, Told, string[]]>([
  [
    'most of its directory stands there by name',
    source,
    { 'srv/__init__.py': short, 'srv/a.py': '2\n', 'srv/b.py': '2\n' },
    {},
    ['srv=app content'],
  ],
  [
    'the Dockerfile puts it there',
    { ...source, 'run.py': 'run()\n' },
    { 'srv/a.py': 'a = 1\n', 'srv/b.py': 'b = 1\n', 'bin/start.py': 'run()\n' },
    { placed: { 'run.py': 'bin/start.py' } },
    ['srv=app content', 'bin/start.py=run.py content'],
  ],
  [
    'its layer took it there from where the Dockerfile put it',
    { ...source, 'run.py': 'run()\n' },
    { 'srv/a.py': 'a = 1\n', 'srv/b.py': 'b = 1\n', 'srv/start.py': 'run()\n' },
    { placed: { 'run.py': 'srv/run.py' }, deleted: ['srv/run.py'] },
    ['srv=app content', 'srv/start.py=run.py content'],
  ],
  [
    'it is longer',
    { ...source, 'run.py': long },
    { 'srv/a.py': 'a = 1\n', 'srv/b.py': 'b = 1\n', 'srv/start.py': long },
    {},
    ['srv=app content', 'srv/start.py=run.py content'],
  ],
  [
    'the working directory is that place',
    source,
    { 'srv/app/__init__.py': short },
    { directory: 'srv' },
    ['srv= content'],
  ],
  ['the source has no other', { 'main.py': short }, { 'srv/main.py': short }, {}, ['srv= content']],
])('a single content at one place is one of the source: %s', async (_name, files, image, told, expected) =>
  expect(await find(files, image, told)).toEqual(expected),
)
