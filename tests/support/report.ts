import type { Finding } from '../../src/model/finding.ts'
import { hypothesisIds } from '../../src/model/hypothesis.ts'
import type { CastInterpreter } from '../../src/model/interpreter.ts'
import { comparePaths, type Path } from '../../src/model/path.ts'
import type { Report } from '../../src/model/report.ts'

const interpreters: readonly CastInterpreter[] = [
  {
    id: 'native-3.11.7',
    version: '3.11.7',
    provider: 'native',
    build: '',
    executable: null,
    roles: ['deploy'],
    standsInFor: null,
    checks: [],
  },
  {
    id: 'native-3.12.1',
    version: '3.12.1',
    provider: 'native',
    build: '',
    executable: null,
    roles: ['dev'],
    standsInFor: null,
    checks: [],
  },
]

/** A file that the deploy interpreter rejects at one place. */
export const skew = (path: string, line: number): Finding => ({
  code: 'version-skew',
  severity: 'error',
  path: path as Path,
  shipped: null,
  firstBreak: { stage: 'commit', interpreter: 'native-3.11.7' },
  sites: [
    {
      start: { line, column: 5 },
      end: { line, column: 6 },
      message: "f-string: expecting '}'",
      feature: {
        id: 'f-string-quote-reuse',
        title: 'the same quotes inside an f-string field',
        since: '3.12',
        until: null,
        pep: 'PEP 701',
      },
      suggestion: null,
    },
  ],
  sitesComplete: true,
  verdicts: [],
  evidence: { acceptedBy: ['native-3.12.1'] },
  excerpt: [{ number: line, text: "x = f'{a['b']}'" }],
})

/** A warning about a file that does not go up. */
export const missing = (path: string): Finding => ({
  ...skew(path, 1),
  code: 'missing-from-upload',
  severity: 'warning',
  shipped: false,
  firstBreak: null,
  sites: [],
  evidence: {
    change: 'removed',
    effect: 'none',
    before: { stage: 'worktree', sha256: 'a' },
    after: { stage: 'upload', sha256: null },
    rule: { file: '.gitignore', line: 4, text: 'secret/' },
  },
  excerpt: [],
})

/** A report of these findings, with one stage and two interpreters. */
export const report = (findings: readonly Finding[], changed: Partial<Report> = {}): Report => ({
  tool: { name: 'firstbreak', version: '0.1.0' },
  outcome: findings.some(({ severity }) => severity === 'error') ? 'broken' : 'clean',
  stages: [
    {
      name: 'commit',
      place: 'commit',
      kind: 'git',
      reference: '0123456789abcdef',
      files: 3,
      pythonFiles: 2,
      digest: 'ab'.repeat(32) as never,
      layers: null,
      rejectedBy: interpreters.map(({ id }) => ({ interpreter: id, files: 0 })),
    },
  ],
  interpreters,
  roles: { deploy: [{ version: '3.11', from: 'Dockerfile:1' }], dev: null },
  mappings: [],
  paths: [...new Set(findings.flatMap(({ path }) => path ?? []))].sort(comparePaths),
  findings,
  hypotheses: hypothesisIds.map(id => ({ id, state: 'not-examined', evidence: `about ${id}` })),
  remarks: [],
  ...changed,
})
