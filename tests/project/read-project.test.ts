import { expect, test } from 'vitest'
import { parsePath, rootPath } from '../../src/model/path.ts'
import { readProject } from '../../src/project/read-project.ts'
import { reading } from './files.ts'

const api = parsePath('services/api')!

const project = {
  '.python-version': '3.12.4\n',
  'pyproject.toml': '[project]\nrequires-python = ">=3.9"\n',
  Dockerfile: 'FROM python:3.11-alpine3.19\n',
}

test('gathers what the files of the root declare', async () => {
  expect(await readProject(reading(project), { source: rootPath, dockerfile: null })).toEqual({
    dev: { version: '3.12.4', from: '.python-version:1' },
    deploy: { version: '3.11', from: 'Dockerfile:1' },
    supported: { specifier: '>=3.9', from: 'pyproject.toml:2' },
    remarks: [],
  })
})

test('looks above the source for versions, but not for a Dockerfile', async () => {
  expect(await readProject(reading(project), { source: api, dockerfile: null })).toEqual({
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
  expect(await readProject(reading(files), place)).toEqual({
    dev: { version: '3.13', from: 'services/api/.python-version:1' },
    deploy: { version: '3.10', from: 'deploy/api.Dockerfile:1' },
    supported: { specifier: '>=3.12,<3.13', from: 'services/api/pyproject.toml:2' },
    remarks: [],
  })
})

test('finds nothing in a project that declares nothing', async () => {
  expect(await readProject(reading({}), { source: rootPath, dockerfile: null })).toEqual({
    dev: null,
    deploy: null,
    supported: null,
    remarks: [],
  })
})

test('keeps every remark', async () => {
  const files = {
    '.python-version': 'pypy3.10\n',
    'pyproject.toml': '[project]\nrequires-python = "new"\n',
    Dockerfile: 'FROM debian\n',
  }
  const { remarks } = await readProject(reading(files), { source: rootPath, dockerfile: null })
  expect(remarks.map(remark => remark.split(':', 1)[0])).toEqual(['.python-version', 'Dockerfile', 'pyproject.toml'])
})

const broken = { Dockerfile: 'RUN true\n' }
const reason = 'Dockerfile:1 is no Dockerfile that can be built: "RUN" stands before the first FROM'

test('only remarks on a broken Dockerfile that nobody asked for', async () => {
  const { deploy, remarks } = await readProject(reading(broken), { source: rootPath, dockerfile: null })
  expect({ deploy, remarks }).toEqual({ deploy: null, remarks: [reason] })
})

test.each([
  ['broken', broken, reason],
  ['not there', {}, 'cannot read the Dockerfile Dockerfile: there is no such file'],
])('stops at a Dockerfile that was asked for and is %s', async (_name, files, message) => {
  const result = readProject(reading(files), { source: rootPath, dockerfile: parsePath('Dockerfile') })
  await expect(result).rejects.toMatchObject({ name: 'VerifierError', code: 'file-unreadable', message })
})
