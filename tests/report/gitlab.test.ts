import { expect, test } from 'vitest'
import type { Finding } from '../../src/model/finding.ts'
import type { Path } from '../../src/model/path.ts'
import { gitlab } from '../../src/report/gitlab.ts'
import { missing, report, skew } from '../support/report.ts'

const entries = (findings: readonly Finding[]) => JSON.parse(gitlab(report(findings)))

test('a place is an entry', () => {
  expect(entries([skew('app/a.py', 7)])).toEqual([
    {
      description: [
        'Cannot use the same quotes inside an f-string field on Python 3.11.7 (allowed since 3.12, PEP 701).',
        'The bytes never changed, the interpreter did: CPython 3.12.1 takes them, CPython 3.11.7 rejects them.',
        'First break: the commit, on CPython 3.11.7.',
      ].join(' '),
      check_name: 'version-skew',
      fingerprint: expect.stringMatching(/^[0-9a-f]{32}$/),
      severity: 'critical',
      location: { path: 'app/a.py', lines: { begin: 7, end: 7 } },
    },
  ])
})

test('nothing found is an empty array', () => expect(entries([])).toEqual([]))

test.each<[string, Finding, string]>([
  ['breaks, and is shipped', { ...skew('a.py', 1), shipped: true }, 'blocker'],
  ['breaks, and may be shipped', skew('a.py', 1), 'critical'],
  ['could not be decided', { ...missing('a.py'), code: 'undecided', severity: 'error', evidence: {} }, 'major'],
  ['is warned of', missing('a.py'), 'minor'],
  ['is noted', { ...missing('a.py'), severity: 'note' }, 'info'],
])('what %s is %s', (_name, finding, severity) => expect(entries([finding])[0].severity).toBe(severity))

test('fingerprints are unique, and stay when lines move', () => {
  const [site] = skew('a.py', 1).sites
  const findings = [skew('a.py', 1), { ...skew('b.py', 1), sites: [site!, site!] }, missing('a.py'), missing('b.py')]
  const prints = entries(findings).map(({ fingerprint }: { fingerprint: string }) => fingerprint)
  expect(new Set(prints).size).toBe(5)
  expect(entries([skew('a.py', 99)])[0].fingerprint).toBe(prints[0])
})

test('what is about no file is where the Python is declared', () => {
  const finding: Finding = {
    ...missing('a'),
    code: 'undecided',
    severity: 'error',
    path: null,
    evidence: { reason: 'x' },
  }
  const roles = { deploy: [{ version: '3.11', from: 'svc/Dockerfile:12' }], dev: null }
  expect(JSON.parse(gitlab(report([finding], { roles })))[0].location).toEqual({
    path: 'svc/Dockerfile' as Path,
    lines: { begin: 12, end: 12 },
  })
})
