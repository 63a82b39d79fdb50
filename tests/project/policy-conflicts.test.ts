import { expect, test } from 'vitest'
import type { DeclaredVersion } from '../../src/model/interpreter.ts'
import { rootPath } from '../../src/model/path.ts'
import { policyConflicts } from '../../src/project/policy-conflicts.ts'
import { readProject } from '../../src/project/read-project.ts'
import { projectOf } from './files.ts'

const dockerfile = (version: string) => ({ Dockerfile: `FROM python:${version}\n` })
const pinned = (version: string) => ({ '.python-version': `${version}\n` })
const requires = (specifier: string) => ({ 'pyproject.toml': `[project]\nrequires-python = "${specifier}"\n` })
const workflow = (...versions: readonly string[]) => ({
  '.github/workflows/ci.yml': `jobs:\n  a:\n    steps:\n${versions.map(each => `    - with: {python-version: "${each}"}\n`).join('')}`,
})
const image = (version: string): DeclaredVersion => ({ version, from: 'PYTHON_VERSION in the image' })

test.each<[string, Record<string, string>, readonly DeclaredVersion[], readonly string[]]>([
  ['nothing', {}, [], []],
  ['other patch releases', { ...dockerfile('3.12.7'), ...pinned('3.12.4') }, [image('3.12.9')], []],
  ['one that admits all', { ...dockerfile('3.11'), ...pinned('3.11'), ...requires('>=3.11') }, [], []],
  ['a minor version and its pre-release', { ...pinned('3.15.0a2'), ...requires('>=3.9') }, [], []],
  [
    'dev and deploy',
    { ...dockerfile('3.11'), ...pinned('3.12.4') },
    [],
    ['.python-version differs: .python-version:1 3.12.4, Dockerfile:1 3.11'],
  ],
  [
    'two that speak for deploy',
    { ...dockerfile('3.11'), 'runtime.txt': 'python-3.12.1\n' },
    [],
    ['runtime.txt differs: runtime.txt:1 3.12.1, Dockerfile:1 3.11'],
  ],
  [
    'two that speak for dev',
    { ...pinned('3.12'), '.tool-versions': 'python 3.11.1\n' },
    [],
    ['.tool-versions differs: .tool-versions:1 3.11.1, .python-version:1 3.12'],
  ],
  [
    'Dockerfile and image',
    dockerfile('3.12'),
    [image('3.11.9')],
    ['Dockerfile differs: Dockerfile:1 3.12, PYTHON_VERSION in the image 3.11.9'],
  ],
  [
    'Dockerfile and two images of the same Python',
    dockerfile('3.12'),
    [image('3.11.9'), image('3.11.9')],
    ['Dockerfile differs: Dockerfile:1 3.12, PYTHON_VERSION in the image 3.11.9'],
  ],
  [
    'dev and image, where nothing else speaks for deploy',
    pinned('3.12'),
    [image('3.11.9')],
    ['.python-version differs: .python-version:1 3.12, PYTHON_VERSION in the image 3.11.9'],
  ],
  [
    'deploy and range',
    { ...dockerfile('3.9'), ...requires('>=3.10') },
    [],
    ['pyproject.toml outside-range: Dockerfile:1 3.9, pyproject.toml:2 >=3.10'],
  ],
  [
    'a patch release and range',
    { ...dockerfile('3.11.2'), ...requires('>=3.11.4') },
    [],
    ['pyproject.toml outside-range: Dockerfile:1 3.11.2, pyproject.toml:2 >=3.11.4'],
  ],
  ['a minor version and a range that admits a part of it', { ...dockerfile('3.11'), ...requires('>=3.11.4') }, [], []],
  [
    'dev and range',
    { ...pinned('3.13'), ...requires('>=3.10,<3.13') },
    [],
    ['.python-version outside-range: .python-version:1 3.13, pyproject.toml:2 >=3.10,<3.13'],
  ],
  [
    'image and range',
    requires('>=3.12'),
    [image('3.11.9')],
    ['pyproject.toml outside-range: PYTHON_VERSION in the image 3.11.9, pyproject.toml:2 >=3.12'],
  ],
  [
    'image and range, said of the Dockerfile already',
    { ...dockerfile('3.11'), ...requires('>=3.12') },
    [image('3.11.9')],
    ['pyproject.toml outside-range: Dockerfile:1 3.11, pyproject.toml:2 >=3.12'],
  ],
  [
    'two ranges',
    { ...requires('>=3.10'), 'setup.cfg': '[options]\npython_requires = >=3.9\n' },
    [],
    ['setup.cfg differs: setup.cfg:2 >=3.9, pyproject.toml:2 >=3.10'],
  ],
  ['a range within another', { ...requires('>=3.9'), 'setup.cfg': '[options]\npython_requires = >=3.10\n' }, [], []],
  [
    'workflows that never set up what is deployed',
    { ...dockerfile('3.11'), ...workflow('3.12', '3.12.4', '3.13') },
    [],
    [
      '.github/workflows/ci.yml never-tested: .github/workflows/ci.yml:4 3.12, .github/workflows/ci.yml:6 3.13, Dockerfile:1 3.11',
    ],
  ],
  ['workflows that do', { ...dockerfile('3.11'), ...workflow('3.12', '3.11.4') }, [], []],
  ['workflows of which not all is known', { ...dockerfile('3.11'), ...workflow('3.12', '3.x') }, [], []],
  ['workflows, and nothing that is deployed', { ...pinned('3.11'), ...workflow('3.12') }, [], []],
])('%s', async (_name, files, images, expected) => {
  const declarations = await readProject(projectOf(files), { source: rootPath, dockerfile: null })
  const shown = policyConflicts(declarations, images).map(({ path, conflict: { kind, declared } }) => {
    return `${path} ${kind}: ${declared.map(({ from, says }) => `${from} ${says}`).join(', ')}`
  })
  expect(shown).toEqual(expected)
})
