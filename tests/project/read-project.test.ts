import { describe, expect, test } from 'vitest'
import { parsePath, rootPath } from '../../src/model/path.ts'
import { readProject } from '../../src/project/read-project.ts'
import { projectOf } from './files.ts'

const api = parsePath('services/api')!

const project = {
  '.python-version': '3.12.4\n',
  'pyproject.toml': '[project]\nrequires-python = ">=3.9"\n',
  Dockerfile: 'FROM python:3.11-alpine3.19\n',
}

test('gathers what the files of the root declare', async () => {
  expect(await readProject(projectOf(project), { source: rootPath, dockerfile: null })).toMatchObject({
    dev: { version: '3.12.4', from: '.python-version:1' },
    deploy: { version: '3.11', from: 'Dockerfile:1' },
    supported: { specifier: '>=3.9', from: 'pyproject.toml:2' },
    remarks: [],
  })
})

test('looks above the source for versions, but not for a Dockerfile', async () => {
  expect(await readProject(projectOf(project), { source: api, dockerfile: null })).toMatchObject({
    dev: { version: '3.12.4', from: '.python-version:1' },
    deploy: null,
    supported: { specifier: '>=3.9', from: 'pyproject.toml:2' },
    remarks: [],
  })
})

test("prefers the source's own files, and the Dockerfile that was asked for", async () => {
  const files = {
    ...project,
    'services/api/.python-version': '3.13\n',
    'services/api/pyproject.toml': '[tool.poetry.dependencies]\npython = "~3.12"\n',
    'services/api/Dockerfile': 'FROM python:3.12\n',
    'deploy/api.Dockerfile': 'FROM python:3.10\n',
  }
  const place = { source: api, dockerfile: parsePath('deploy/api.Dockerfile') }
  expect(await readProject(projectOf(files), place)).toMatchObject({
    dev: { version: '3.13', from: 'services/api/.python-version:1' },
    deploy: { version: '3.10', from: 'deploy/api.Dockerfile:1' },
    supported: { specifier: '>=3.12,<3.13', from: 'services/api/pyproject.toml:2' },
    remarks: [],
  })
})

test('finds nothing in a project that declares nothing', async () => {
  expect(await readProject(projectOf({}), { source: rootPath, dockerfile: null })).toEqual({
    dev: null,
    deploy: null,
    supported: null,
    declared: { deploy: [], dev: [], supported: [], ci: [] },
    ciIsComplete: true,
    remarks: [],
  })
})

test('keeps every remark', async () => {
  const files = {
    '.python-version': 'pypy3.10\n',
    'pyproject.toml': '[project]\nrequires-python = "new"\n',
    Dockerfile: 'FROM debian\n',
  }
  const { remarks } = await readProject(projectOf(files), { source: rootPath, dockerfile: null })
  expect(remarks.map(remark => remark.split(':', 1)[0])).toEqual(['.python-version', 'Dockerfile', 'pyproject.toml'])
})

const broken = { Dockerfile: 'RUN true\n' }
const reason = 'Dockerfile:1 is no Dockerfile that can be built: "RUN" stands before the first FROM'

test('only remarks on a broken Dockerfile that nobody asked for', async () => {
  const { deploy, remarks } = await readProject(projectOf(broken), { source: rootPath, dockerfile: null })
  expect({ deploy, remarks }).toEqual({ deploy: null, remarks: [reason] })
})

test.each([
  ['broken', broken, reason],
  ['not there', {}, 'cannot read the Dockerfile Dockerfile: there is no such file'],
])('stops at a Dockerfile that was asked for and is %s', async (_name, files, message) => {
  const result = readProject(projectOf(files), { source: rootPath, dockerfile: parsePath('Dockerfile') })
  await expect(result).rejects.toMatchObject({ name: 'VerifierError', code: 'file-unreadable', message })
})

const everything = {
  'services/api/Dockerfile': 'FROM python:3.11\n',
  'services/api/cloudbuild.yaml':
    'steps:\n- name: gcr.io/google.com/cloudsdktool/cloud-sdk\n  args: [--set-build-env-vars=GOOGLE_PYTHON_VERSION=3.10.x]\n',
  'services/api/project.toml': '[[build.env]]\nname = "GOOGLE_RUNTIME_VERSION"\nvalue = "3.9"\n',
  'services/api/runtime.txt': 'python-3.8.19\n',
  'services/api/Pipfile': '[requires]\npython_version = "3.9"\n',
  'services/api/.venv/pyvenv.cfg': 'home = /usr/bin\nversion = 3.10.1\n',
  '.python-version': '3.12.4\n',
  'mise.toml': '[tools]\npython = "3.13"\n',
  '.mise.toml': '[tools]\npython = "3.14"\n',
  '.tool-versions': 'python 3.11.4\n',
  'environment.yml': 'dependencies:\n- python=3.8\n',
  'environment.yaml': 'dependencies:\n- python=3.7\n',
  'services/api/app.yaml': 'runtime: python37\n',
  'setup.cfg':
    '[options]\npython_requires = >=3.8\n[metadata]\nclassifiers =\n  Programming Language :: Python :: 3.6\n',
  'pyproject.toml': '[project]\nrequires-python = ">=3.9"\nclassifiers = ["Programming Language :: Python :: 3.7"]\n',
  '.github/workflows/test.yml':
    'jobs:\n  test:\n    steps:\n    - uses: actions/setup-python@v5\n      with: {python-version: "3.12"}\n',
  '.github/workflows/notes.md': 'jobs: [',
  '.github/dependabot.yml': 'jobs: [',
}

test('lists all that is declared, the decisive one first', async () => {
  const { declared, dev, deploy, supported, remarks } = await readProject(projectOf(everything), {
    source: api,
    dockerfile: null,
  })
  const shown = Object.entries(declared).map(([kind, all]) => [
    kind,
    all.map(each => `${'version' in each ? each.version : each.specifier} ${each.from} ${each.path}`),
  ])
  expect(Object.fromEntries(shown)).toEqual({
    deploy: [
      '3.11 services/api/Dockerfile:1 services/api/Dockerfile',
      '3.10 services/api/cloudbuild.yaml:3 services/api/cloudbuild.yaml',
      '3.9 services/api/project.toml:2 services/api/project.toml',
      '3.8.19 services/api/runtime.txt:1 services/api/runtime.txt',
      '3.7 services/api/app.yaml:1 services/api/app.yaml',
    ],
    dev: [
      '3.9 services/api/Pipfile:2 services/api/Pipfile',
      '3.10.1 services/api/.venv/pyvenv.cfg:2 services/api/.venv/pyvenv.cfg',
      '3.12.4 .python-version:1 .python-version',
      '3.13 mise.toml:2 mise.toml',
      '3.14 .mise.toml:2 .mise.toml',
      '3.11.4 .tool-versions:1 .tool-versions',
      '3.8 environment.yml:2 environment.yml',
      '3.7 environment.yaml:2 environment.yaml',
    ],
    supported: [
      '>=3.9 pyproject.toml:2 pyproject.toml',
      '>=3.8 setup.cfg:2 setup.cfg',
      '>=3.7,<3.8 pyproject.toml:3 (classifiers) pyproject.toml',
      '>=3.6,<3.7 setup.cfg:5 (classifiers) setup.cfg',
    ],
    ci: ['3.12 .github/workflows/test.yml:5 .github/workflows/test.yml'],
  })
  expect({ dev, deploy, supported, remarks }).toEqual({
    dev: { version: '3.9', from: 'services/api/Pipfile:2' },
    deploy: { version: '3.11', from: 'services/api/Dockerfile:1' },
    supported: { specifier: '>=3.9', from: 'pyproject.toml:2' },
    remarks: [],
  })
})

test('remarks on every file that cannot be parsed, once, and goes on', async () => {
  const spoilt = Object.fromEntries(
    Object.keys(everything).map(path => [path.replace('services/api/', ''), '[\u0000 = {\n']),
  )
  const { declared, ciIsComplete, remarks } = await readProject(projectOf(spoilt), {
    source: rootPath,
    dockerfile: null,
  })
  expect({ ...declared, ciIsComplete }).toEqual({ deploy: [], dev: [], supported: [], ci: [], ciIsComplete: false })
  expect(remarks.map(remark => /[\w./-]*\w/.exec(remark.replace(/^cannot read /, ''))?.[0])).toEqual([
    '.python-version',
    'mise.toml',
    '.mise.toml',
    'Pipfile',
    'environment.yml',
    'environment.yaml',
    'Dockerfile',
    'cloudbuild.yaml',
    'project.toml',
    'runtime.txt',
    'app.yaml',
    'pyproject.toml',
    '.github/workflows/test.yml',
  ])
})

test('builds the Dockerfile as cloudbuild.yaml does', async () => {
  const files = {
    Dockerfile: 'ARG V=3.12\nFROM python:$V AS base\nFROM node:22\n',
    'cloudbuild.yaml':
      'steps:\n- name: gcr.io/cloud-builders/docker\n  args: [build, --build-arg, V=3.11, --target=base, .]\n',
  }
  const { deploy } = await readProject(projectOf(files), { source: rootPath, dockerfile: null })
  expect(deploy).toEqual({ version: '3.11', from: 'Dockerfile:2 with cloudbuild.yaml:2' })
})

describe("a source that Google's buildpacks build", () => {
  const files = { '.python-version': '3.12\n', 'runtime.txt': 'python-3.9\n', 'services/api/main.py': '' }
  const pack = (...args: string[]) => ({
    'cloudbuild.yaml': `steps:\n- name: gcr.io/k8s-skaffold/pack\n  args: ${JSON.stringify(['build', ...args, 'x'])}\n`,
  })
  const gcloud = (...args: string[]) => ({
    'cloudbuild.yaml': `steps:\n- name: gcr.io/google.com/cloudsdktool/cloud-sdk\n  entrypoint: gcloud\n  args: ${JSON.stringify(args)}\n`,
  })
  const unread =
    "runtime.txt says nothing to Google's buildpacks, which read .python-version beside it and take the newest Python where there is none"
  const read = async (content: Record<string, string>, byBuildpacks = false, source = rootPath) => {
    const { deploy, remarks } = await readProject(projectOf(content), { source, dockerfile: null, byBuildpacks })
    return { deploy, remarks }
  }
  const of = (version: string, from: string) => ({ version, from })

  test.each([
    ['gcloud run deploy', files, true, of('3.12', '.python-version:1'), [unread]],
    ['a step of pack', { ...files, ...pack() }, false, of('3.12', '.python-version:1'), [unread]],
    [
      'a step of pack with its builder',
      { ...files, ...pack('--builder=gcr.io/buildpacks/builder:google-22') },
      false,
      of('3.12', '.python-version:1'),
      [unread],
    ],
    [
      'gcloud run deploy in a step',
      { ...files, ...gcloud('run', 'deploy', 'api', '--source=.') },
      false,
      of('3.12', '.python-version:1'),
      [unread],
    ],
    [
      'gcloud builds submit in a step',
      { ...files, ...gcloud('builds', 'submit', '--pack', 'image=x') },
      false,
      of('3.12', '.python-version:1'),
      [unread],
    ],
    [
      'the same with another builder',
      { ...files, ...gcloud('builds', 'submit', '--pack=image=x,builder=heroku/builder:24') },
      false,
      of('3.9', 'runtime.txt:1'),
      [],
    ],
    [
      'a step with another builder',
      { ...files, ...pack('--builder', 'heroku/builder:24') },
      false,
      of('3.9', 'runtime.txt:1'),
      [],
    ],
    ['nobody that is known', files, false, of('3.9', 'runtime.txt:1'), []],
    [
      'its variables first',
      { ...files, ...pack('--env', 'GOOGLE_PYTHON_VERSION=3.11.x') },
      false,
      of('3.11', 'cloudbuild.yaml:3'),
      [unread],
    ],
    ['a Dockerfile first', { ...files, Dockerfile: 'FROM python:3.10\n' }, true, of('3.10', 'Dockerfile:1'), []],
    ['neither of these files', { 'main.py': '' }, true, null, []],
  ])('%s', async (_name, content, byBuildpacks, deploy, remarks) =>
    expect(await read(content, byBuildpacks)).toEqual({ deploy, remarks }),
  )

  test('is compared with what else speaks for developers', async () => {
    const place = { source: rootPath, dockerfile: null, byBuildpacks: true }
    const content = { ...files, 'mise.toml': '[tools]\npython = "3.13"\n' }
    expect((await readProject(projectOf(content), place)).dev).toEqual(of('3.13', 'mise.toml:2'))
    expect((await readProject(projectOf(files), place)).dev).toBeNull()
  })

  test('is not told by a file above it', async () => {
    expect(await read(files, true, api)).toEqual({ deploy: null, remarks: [] })
  })
})
