import { expect, test } from 'vitest'
import { workflowPythons } from '../../src/project/workflow-pythons.ts'
import { fileOf } from './files.ts'

/** A workflow of one job with these lines, and a step that is given `version`. */
const workflow = (version: string, ...job: readonly string[]) =>
  ['env: {PYTHON: "3.9"}', 'jobs:', '  test:', ...job.map(line => `    ${line}`)]
    .concat('    steps:', '    - uses: actions/checkout@v4', '    - uses: actions/setup-python@v5')
    .concat('      with:', `        python-version: ${version}`)
    .join('\n')

const read = (content: string) => workflowPythons(fileOf('ci.yml', content))

test.each([
  ['a version', workflow('"3.12"'), ['3.12 ci.yml:8']],
  ['a number', workflow('3.12'), ['3.12 ci.yml:8']],
  ['a patch release, a wildcard', workflow("'3.12.4'"), ['3.12.4 ci.yml:8']],
  ['a wildcard', workflow('3.11.x'), ['3.11 ci.yml:8']],
  ['several lines', workflow('|\n          3.11\n          3.12-dev\n'), ['3.11 ci.yml:8', '3.12 ci.yml:8']],
  [
    'a matrix',
    workflow('${{ matrix.python }}', 'strategy:', '  matrix:', '    python: ["3.10", "3.11"]'),
    ['3.10 ci.yml:6', '3.11 ci.yml:6'],
  ],
  [
    'a matrix that includes more, and another implementation',
    workflow(
      '${{matrix.v}}',
      'strategy:',
      '  matrix:',
      '    v:',
      '    - "3.11"',
      '    - pypy3.10',
      '    include:',
      '    - v: "3.13"',
    ),
    ['3.11 ci.yml:7', '3.13 ci.yml:10'],
  ],
  ['a variable of the workflow', workflow('${{ env.PYTHON }}'), ['3.9 ci.yml:1']],
  ['a variable of the job', workflow('${{ env.PYTHON }}', 'env: {PYTHON: "3.10"}'), ['3.10 ci.yml:4']],
  ['an anchor', 'x: &v "3.12"\njobs:\n  a:\n    steps:\n    - with: {python-version: *v}\n', ['3.12 ci.yml:1']],
  ['a container', 'jobs:\n  a:\n    container: python:3.11-slim\n    steps: []\n', ['3.11 ci.yml:3']],
  ['a container with options', 'jobs:\n  a:\n    container:\n      image: python:3.11\n', ['3.11 ci.yml:4']],
  ['no Python', 'jobs:\n  a:\n    steps:\n    - run: make\n', []],
  ['no jobs', '', []],
])('reads %s', (_name, content, expected) => {
  const { value, remarks } = read(content)
  expect(value?.versions.map(({ version, from }) => `${version} ${from}`)).toEqual(expected)
  expect({ complete: value?.complete, remarks }).toEqual({ complete: true, remarks: [] })
})

test.each([
  ['a range', workflow('3.x'), ['ci.yml:8: "3.x" names no minor version of CPython and is not used']],
  [
    '3.10 as a number',
    workflow('3.10'),
    ['ci.yml:8: a version without quotes is read as the number 3.1; put it in quotes'],
  ],
  [
    'an expression',
    workflow('${{ inputs.python }}'),
    ['ci.yml:8: what "${{ inputs.python }}" stands for is decided by the run'],
  ],
  [
    'a matrix that is computed',
    workflow('${{ matrix.v }}', 'strategy:', '  matrix: ${{ fromJSON(needs.plan.outputs.matrix) }}'),
    ['ci.yml:10: what "${{ matrix.v }}" stands for is decided by the run'],
  ],
  ['a list', workflow('["3.12"]'), ['ci.yml:8: python-version is no string and is not used']],
  ['a step that is not told', 'jobs:\n  a:\n    steps:\n    - uses: actions/setup-python@v5\n', []],
  ['another workflow', 'jobs:\n  a:\n    uses: ./.github/workflows/test.yml\n', []],
])('knows that it does not know %s', (_name, content, remarks) => {
  expect(read(content)).toEqual({ value: { versions: [], complete: false }, remarks })
})
