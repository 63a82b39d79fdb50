import { expect, test } from 'vitest'
import type { Finding } from '../../src/model/finding.ts'
import type { Path } from '../../src/model/path.ts'
import { junit } from '../../src/report/junit.ts'
import { type Element, junitRoot } from '../support/formats.ts'
import { missing, report, skew } from '../support/report.ts'

const undecided = (path: string | null): Finding => ({
  ...missing('x'),
  code: 'undecided',
  severity: 'error',
  path: path as Path | null,
  shipped: null,
  evidence: { reason: 'the interpreter crashed' },
})

/** The tests of a report, and of each what is in it. */
const cases = (root: Element) =>
  root.children.flatMap(suite =>
    suite.children
      .filter(({ name }) => name === 'testcase')
      .map(({ attributes, children }) => [attributes.name, ...children.map(({ name }) => name)]),
  )

test('a file that breaks fails, one that could not be judged is an error, a warned one passes with output', () => {
  const paths = ['a.py', 'b.py', 'c.py', 'd.py'] as Path[]
  const root = junitRoot(junit(report([skew('a.py', 3), undecided('b.py'), missing('c.py')], { paths })))
  expect(root.attributes).toEqual({ name: 'firstbreak', tests: '5', failures: '1', errors: '1' })
  expect(cases(root)).toEqual([
    ['a.py', 'failure'],
    ['b.py', 'error'],
    ['c.py', 'system-out'],
    ['d.py'],
    ['all that was asked for was looked at'],
  ])
})

test('a failure says what, where, at which stage and on which interpreter', () => {
  const root = junitRoot(junit(report([{ ...skew('a.py', 3), shipped: true }])))
  const failure = root.children[0]!.children[1]!.children[0]!
  expect(failure.attributes).toEqual({
    type: 'version-skew',
    message: 'Cannot use the same quotes inside an f-string field on Python 3.11.7 (allowed since 3.12, PEP 701)',
  })
  expect(failure.text.split('\n')).toEqual([
    'error version-skew',
    'The bytes never changed, the interpreter did: CPython 3.12.1 takes them, CPython 3.11.7 rejects them.',
    'First break: the commit, on CPython 3.11.7.',
    'It is shipped.',
    'line 3, column 5: Cannot use the same quotes inside an f-string field on Python 3.11.7 (allowed since 3.12, PEP 701)',
  ])
})

test('of one file, what breaks it counts before what nobody knows', () => {
  const root = junitRoot(junit(report([undecided('a.py'), skew('a.py', 1)])))
  expect(cases(root)[0]).toEqual(['a.py', 'failure'])
})

test('a finding about no file is a test of the project', () => {
  const root = junitRoot(junit(report([undecided(null)])))
  expect(cases(root)).toEqual([['undecided: Could not tell: the interpreter crashed.', 'error']])
})

test('a clean run has tests, and all of them pass', () => {
  const root = junitRoot(junit(report([], { paths: ['a.py', 'b.py'] as Path[] })))
  expect(root.attributes).toMatchObject({ tests: '3', failures: '0', errors: '0' })
  expect(cases(root).every(each => each.length === 1)).toBe(true)
})

test('each suite says what was looked at and who judged', () => {
  const [files] = junitRoot(junit(report([]))).children
  const properties = files!.children[0]!.children.map(({ attributes }) => [attributes.name, attributes.value])
  expect(properties).toEqual([
    ['version', '0.1.0'],
    ['outcome', 'clean'],
    ['stage.commit', 'git 0123456789abcdef'],
    ['interpreter.native-3.11.7', '3.11.7 deploy'],
    ['interpreter.native-3.12.1', '3.12.1 dev'],
  ])
})
