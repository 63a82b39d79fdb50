import { describe, expect, test } from 'vitest'
import type { Evidence, Finding, FindingCode } from '../../src/model/finding.ts'
import type { CastInterpreter, Role } from '../../src/model/interpreter.ts'
import type { Path } from '../../src/model/path.ts'
import type { Report, StageSummary } from '../../src/model/report.ts'
import { conclusion } from '../../src/report/conclusion.ts'

const cast = (version: string, ...roles: Role[]): CastInterpreter => ({
  id: `native-${version}`,
  version,
  provider: 'native',
  build: '',
  executable: null,
  roles,
  standsInFor: null,
  checks: [],
})

const stage = (place: StageSummary['place'], kind: StageSummary['kind'], pythonFiles = 5546): StageSummary => ({
  name: place,
  place,
  kind,
  reference: null,
  files: pythonFiles,
  pythonFiles,
  digest: '' as never,
  read: null,
  description: null,
  layers: null,
  rejectedBy: [],
})
const [commit, worktree] = [stage('commit', 'git'), stage('worktree', 'worktree')]
const [predicted, archive] = [stage('upload', 'predicted-upload'), stage('upload', 'archive')]
const image = stage('image', 'docker-archive', 41)

interface Told {
  readonly findings: readonly Finding[]
  readonly stages?: readonly StageSummary[]
  readonly way?: Report['way']
  readonly deploy?: string | null
}

/** From the commit to a predicted upload, where nothing changed, unless told otherwise. */
function concluded({
  findings,
  stages = [commit, worktree, predicted],
  way = up(5546),
  deploy = '3.11.9',
}: Told): string {
  const errors = findings.filter(({ severity }) => severity === 'error')
  return conclusion({
    tool: { name: 'firstbreak', version: '0' },
    outcome: errors.some(({ code }) => code !== 'undecided') ? 'broken' : errors.length > 0 ? 'undecided' : 'clean',
    stages,
    way,
    interpreters: [cast('3.11.7', ...(deploy === null ? [] : (['deploy'] as const))), cast('3.12.1')],
    roles: { deploy: deploy === null ? [] : [{ version: deploy, from: 'the test' }], dev: null },
    mappings: [],
    paths: [],
    findings,
    hypotheses: [],
    comparisons: [],
    remarks: [],
  })
}

const up = (identical: number) => [{ from: 'commit', to: 'upload', files: 5546, identical }]
const built = (identical: number) => [...up(5546), { from: 'upload', to: 'image', files: 41, identical }]
const whole = [commit, worktree, archive, image]

let number = 0
const named = () => `app/m${number++}.py` as Path

function finding(code: FindingCode, given: Partial<Finding> = {}, evidence: Evidence = {}): Finding {
  return {
    code,
    severity: 'error',
    path: named(),
    shipped: null,
    firstBreak: null,
    sites: [],
    sitesComplete: true,
    verdicts: [],
    excerpt: [],
    evidence,
    ...given,
  }
}

const broken = (code: FindingCode, given: Partial<Finding> = {}, evidence: Evidence = {}) =>
  finding(code, { firstBreak: { stage: 'commit', interpreter: 'native-3.11.7' }, ...given }, evidence)

const needs = (since: string | null, until: string | null = null): Partial<Finding> => ({
  sites: [
    {
      start: null,
      end: null,
      message: '',
      feature: { id: 'x', title: '', since, until, pep: null },
      suggestion: null,
    },
  ],
})
const skew = (shipped: boolean | null = null, since = '3.12') =>
  broken('version-skew', { severity: shipped === false ? 'note' : 'error', shipped, ...needs(since) })
const many = <T>(times: number, make: () => T): T[] => Array.from({ length: times }, make)

const layer = { index: 3, diffId: null, createdBy: 'RUN sed' }
const changed = { change: 'rewritten' } as const

describe('the conclusion of', () => {
  test.each<[string, Told, string]>([
    [
      'skew alone, where only one of the files is shipped',
      { findings: [skew(true), ...many(8, () => skew(false))], stages: whole, way: built(41) },
      'Not corruption: 5,546 of 5,546 files are identical from commit to uploaded archive and 41 of 41 from uploaded archive to image; 9 need Python 3.12, the image runs 3.11.9; 1 of them is shipped.',
    ],
    [
      'skew, where of one file it is known that it is not shipped, and of the others nothing',
      { findings: [skew(false), skew(), skew()] },
      'Not corruption: 5,546 of 5,546 files are identical from commit to predicted upload; 3 need Python 3.12, 3.11.9 is to run them; 1 of them is not shipped.',
    ],
    [
      'skew, before there is an image',
      { findings: many(9, () => skew()) },
      'Not corruption: 5,546 of 5,546 files are identical from commit to predicted upload; 9 need Python 3.12, 3.11.9 is to run them.',
    ],
    [
      'skew of one file',
      { findings: [skew()] },
      'Not corruption: 5,546 of 5,546 files are identical from commit to predicted upload; 1 needs Python 3.12, 3.11.9 is to run it.',
    ],
    [
      'skew of several versions, and one that nobody can name',
      {
        findings: [
          skew(),
          skew(null, '3.14'),
          ...many(3, () => skew()),
          ...many(2, () => broken('version-skew', needs(null, '3.7'))),
          broken('version-skew', {}, { acceptedBy: ['native-3.12.1'] }),
        ],
      },
      'Not corruption: 5,546 of 5,546 files are identical from commit to predicted upload; 4 need Python 3.12, 2 need a Python before 3.7, 1 needs Python 3.14 and 1 compiles on 3.12.1, 3.11.9 is to run them.',
    ],
    [
      'skew where nobody knows what runs them',
      { findings: [skew()], deploy: null },
      'Not corruption: 5,546 of 5,546 files are identical from commit to predicted upload; 1 needs Python 3.12, asked were 3.11.7 and 3.12.1.',
    ],
    [
      'skew, a dirty tree, and one that a layer altered',
      {
        findings: [
          ...many(9, () => skew(true)),
          broken('uncommitted-change', { shipped: true }, changed),
          broken('altered-in-image', { shipped: true }, { ...changed, layer }),
        ],
        stages: whole,
        way: [{ ...up(5545)[0]! }, { from: 'upload', to: 'image', files: 41, identical: 40 }],
      },
      'Bytes were altered in the build, which explains 1 of 11 broken files: 5,545 of 5,546 files are identical from commit to uploaded archive and 40 of 41 from uploaded archive to image; 9 need Python 3.12, the image runs 3.11.9; 1 is broken by a change that is in no commit; 1 is broken by layer 3 of the image; all of them are shipped.',
    ],
    [
      'a dirty tree alone: no byte was altered by what moved it',
      { findings: [broken('uncommitted-change', {}, changed)], way: up(5545) },
      'Not corruption: 5,545 of 5,546 files are identical from commit to predicted upload; 1 is broken by a change that is in no commit.',
    ],
    [
      'what most files are broken by comes first',
      {
        findings: [
          skew(),
          ...many(2, () => broken('uncommitted-change', {}, changed)),
          ...many(3, () => broken('broken-source')),
        ],
      },
      'Not corruption: 5,546 of 5,546 files are identical from commit to predicted upload; 3 are broken as committed, on every Python asked; 2 are broken by a change that is in no commit; 1 needs Python 3.12, 3.11.9 is to run it.',
    ],
    [
      'an upload that alters, and a change that breaks nothing',
      {
        findings: [
          ...many(2, () => broken('altered-in-upload', {}, changed)),
          finding('uncommitted-change', { severity: 'warning' }, changed),
        ],
        stages: [commit, worktree, archive],
        way: up(5543),
      },
      'Bytes were altered in the upload: 5,543 of 5,546 files are identical from commit to uploaded archive; 2 are broken by the upload; 1 is changed on the way and not broken by that.',
    ],
    [
      'a build that alters in two layers',
      {
        findings: [
          broken('altered-in-image', {}, { ...changed, layer }),
          broken('altered-in-image', {}, { ...changed, layer: { ...layer, index: 4 } }),
        ],
        stages: whole,
        way: built(39),
      },
      'Bytes were altered in the build: 5,546 of 5,546 files are identical from commit to uploaded archive and 39 of 41 from uploaded archive to image; 2 are broken by the build.',
    ],
    [
      'an image of an older commit',
      {
        findings: [finding('stale-in-image', { path: null }, { paths: [named(), named(), named()] })],
        stages: whole,
        way: built(38),
      },
      'The image is not of this commit: 5,546 of 5,546 files are identical from commit to uploaded archive and 38 of 41 from uploaded archive to image; 3 are of an earlier commit.',
    ],
    [
      'stale bytecode',
      { findings: [finding('stale-bytecode')], stages: whole, way: built(41) },
      '5,546 of 5,546 files are identical from commit to uploaded archive and 41 of 41 from uploaded archive to image; 1 is run from a .pyc that was made of another source.',
    ],
    [
      'an archive that is not the recorded one',
      { findings: [finding('provenance-mismatch', { path: null })], stages: whole, way: built(41) },
      '5,546 of 5,546 files are identical from commit to uploaded archive and 41 of 41 from uploaded archive to image; what was looked at is not what the records name.',
    ],
    [
      'a clean run',
      { findings: [] },
      '5,546 of 5,546 files are identical from commit to predicted upload, and all 5,546 files compile on CPython 3.11.7.',
    ],
    [
      'a clean run over one stage',
      { findings: [], stages: [commit], way: [] },
      'All 5,546 files compile on CPython 3.11.7.',
    ],
    [
      'a clean run with skew that is not shipped',
      { findings: many(9, () => skew(false)), stages: whole, way: built(41) },
      '5,546 of 5,546 files are identical from commit to uploaded archive and 41 of 41 from uploaded archive to image, and all 41 files compile on CPython 3.11.7; 9 need Python 3.12, the image runs 3.11.9; none of them is shipped.',
    ],
    [
      'a run in which something could not be told',
      { findings: [finding('undecided', {}, { reason: 'x' }), finding('undecided', { path: null }, { reason: 'y' })] },
      '5,546 of 5,546 files are identical from commit to predicted upload; nobody can tell of 1 file; 1 thing that was asked for could not be looked at.',
    ],
    [
      'a run in which something is broken and something could not be told',
      { findings: [skew(), finding('undecided', {}, { reason: 'x' })] },
      'Not corruption: 5,546 of 5,546 files are identical from commit to predicted upload; 1 needs Python 3.12, 3.11.9 is to run it; nobody can tell of 1 file.',
    ],
    [
      'the commit alone',
      { findings: [broken('broken-source')], stages: [commit], way: [] },
      '1 is broken as committed, on every Python asked.',
    ],
  ])('%s', (_name, told, expected) => expect(concluded(told)).toBe(expected))
})
