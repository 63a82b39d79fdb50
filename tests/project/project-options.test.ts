import { expect, test } from 'vitest'
import { VerifierError } from '../../src/model/errors.ts'
import { parsePath, rootPath } from '../../src/model/path.ts'
import { projectOptions } from '../../src/project/project-options.ts'
import { reading } from './files.ts'

const directory = parsePath('services/api')!

test('reads strings, lists, booleans and numbers under the names of the command line', async () => {
  const read = reading({
    'pyproject.toml': [
      '[tool.firstbreak]',
      'upload-as = "run-deploy"',
      'exclude = ["tests/**", "docs/**"]',
      'image = "service.tar"',
      'no-cache = true',
      'jobs = 4',
    ].join('\n'),
  })
  expect(await projectOptions(read, rootPath)).toEqual({
    'upload-as': 'run-deploy',
    exclude: ['tests/**', 'docs/**'],
    image: ['service.tar'],
    'no-cache': true,
    jobs: 4,
  })
})

test.each([
  ['no file', {}, {}],
  ['no table', { 'pyproject.toml': '[tool.black]\n' }, {}],
  ['the root', { 'pyproject.toml': '[tool.firstbreak]\njobs = 1\n' }, { jobs: 1 }],
  [
    'the nearest',
    { 'pyproject.toml': '[tool.firstbreak]\njobs = 1\n', 'services/pyproject.toml': '[tool.firstbreak]\njobs = 2\n' },
    { jobs: 2 },
  ],
  [
    'the nearest that has the table',
    { 'pyproject.toml': '[tool.firstbreak]\njobs = 1\n', 'services/api/pyproject.toml': '[project]\n' },
    { jobs: 1 },
  ],
  ['never one below', { 'services/api/v1/pyproject.toml': '[tool.firstbreak]\njobs = 1\n' }, {}],
])('takes %s', async (_name, files: Record<string, string>, options) => {
  expect(await projectOptions(reading(files), directory)).toEqual(options)
})

test.each([
  [
    'a number for a string',
    'deploy-python = 3.11',
    'pyproject.toml:2: [tool.firstbreak] deploy-python must be a string',
  ],
  ['a string for a number', 'jobs = "4"', 'pyproject.toml:2: [tool.firstbreak] jobs must be a whole number'],
  ['a fraction', 'jobs = 1.5', 'pyproject.toml:2: [tool.firstbreak] jobs must be a whole number'],
  ['a string for a boolean', '\nquiet = "yes"', 'pyproject.toml:3: [tool.firstbreak] quiet must be true or false'],
  [
    'a list that holds something else',
    'exclude = ["a", 1]',
    'pyproject.toml:2: [tool.firstbreak] exclude must be a string or an array of strings',
  ],
  ['a table for a string', '[tool.firstbreak.source]', 'pyproject.toml: [tool.firstbreak] source must be a string'],
  ['an unknown option', 'exlude = []', 'pyproject.toml:2: [tool.firstbreak] has no option "exlude"'],
  ['a name every object has', 'constructor = 1', 'pyproject.toml:2: [tool.firstbreak] has no option "constructor"'],
])('refuses %s', async (_name, line, message) => {
  const result = projectOptions(reading({ 'pyproject.toml': `[tool.firstbreak]\n${line}\n` }), rootPath)
  await expect(result).rejects.toThrow(VerifierError)
  await expect(result).rejects.toMatchObject({ code: 'bad-usage', message: expect.stringContaining(message) })
})
