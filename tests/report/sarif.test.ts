import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { Finding } from '../../src/model/finding.ts'
import { type Path, textOfName } from '../../src/model/path.ts'
import type { Report } from '../../src/model/report.ts'
import { sarif } from '../../src/report/sarif/sarif.ts'
import { sarifRun } from '../support/formats.ts'
import { missing, report, skew } from '../support/report.ts'

const bare = (finding: Pick<Finding, 'code' | 'severity' | 'evidence'>): Finding => ({
  ...missing('x'),
  path: null,
  shipped: null,
  ...finding,
})
const run = (findings: readonly Finding[], changed: Partial<Report> = {}) => sarifRun(sarif(report(findings, changed)))
const fingerprints = (findings: readonly Finding[]) =>
  run(findings).results.map(({ partialFingerprints }) => partialFingerprints['firstbreak/v1'])

test('a place is a result with region, rule, stage and message', () => {
  const { results, tool, columnKind, logicalLocations } = run([skew('app/a.py', 7)])
  expect(columnKind).toBe('unicodeCodePoints')
  expect(results).toEqual([
    expect.objectContaining({
      ruleId: 'version-skew',
      level: 'error',
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'app/a.py', uriBaseId: '%SRCROOT%' },
            region: { startLine: 7, startColumn: 5, endLine: 7, endColumn: 6 },
          },
          logicalLocations: [{ index: 0, fullyQualifiedName: 'commit' }],
        },
      ],
      properties: { shipped: null, firstBreak: { stage: 'commit', interpreter: 'native-3.11.7' } },
    }),
  ])
  expect(tool.driver.rules[results[0]!.ruleIndex]!.id).toBe('version-skew')
  expect(logicalLocations[0]!.name).toBe('commit')
  expect(results[0]!.message.text.split('\n')).toEqual([
    'Cannot use the same quotes inside an f-string field on Python 3.11.7 (allowed since 3.12, PEP 701)',
    'The bytes never changed, the interpreter did: CPython 3.12.1 takes them, CPython 3.11.7 rejects them.',
    'First break: the commit, on CPython 3.11.7.',
  ])
})

test('every code is a rule with help in both forms, and a level', () => {
  const { rules } = run([]).tool.driver
  expect(rules).toHaveLength(14)
  for (const rule of rules)
    expect(rule).toMatchObject({
      shortDescription: { text: expect.stringMatching(/./) },
      fullDescription: { text: expect.stringMatching(/./) },
      help: { text: expect.stringMatching(/./), markdown: expect.stringMatching(/\*\*What to do:\*\*/) },
      defaultConfiguration: { level: expect.stringMatching(/^(error|warning|note)$/) },
    })
})

test('a suggestion is a fix', () => {
  const [site] = skew('a.py', 3).sites
  const edits = [{ start: { line: 3, column: 8 }, end: { line: 3, column: 9 }, replacement: '"' }]
  const suggestion = { advice: 'use the other quotes', edits, sameTree: true as const }
  const { results } = run([{ ...skew('a.py', 3), sites: [{ ...site!, suggestion }] }])
  expect(results[0]!.fixes).toEqual([
    {
      description: { text: 'use the other quotes' },
      artifactChanges: [
        {
          artifactLocation: { uri: 'a.py', uriBaseId: '%SRCROOT%' },
          replacements: [
            {
              deletedRegion: { startLine: 3, startColumn: 8, endLine: 3, endColumn: 9 },
              insertedContent: { text: '"' },
            },
          ],
        },
      ],
    },
  ])
})

test('the places that have to do with it are related locations', () => {
  expect(run([skew('a.py', 3)]).results[0]!.relatedLocations).toEqual([
    {
      id: 1,
      physicalLocation: {
        artifactLocation: { uri: 'Dockerfile', uriBaseId: '%SRCROOT%' },
        region: { startLine: 1 },
      },
      message: { text: 'The Python that runs it is declared here.' },
    },
  ])
  expect(run([missing('a.py')]).results[0]!.relatedLocations).toMatchObject([
    { physicalLocation: { artifactLocation: { uri: '.gitignore' }, region: { startLine: 4 } } },
  ])
})

test.each<[string, Uint8Array, string]>([
  ['a blank', Buffer.from('a b.py'), 'a%20b.py'],
  ['what would be a scheme', Buffer.from('c:x.py'), 'c%3Ax.py'],
  ['a query and a fragment', Buffer.from('a?b#c.py'), 'a%3Fb%23c.py'],
  ['a percent sign', Buffer.from('%2e%2e/a.py'), '%252e%252e/a.py'],
  ['other scripts', Buffer.from('ä/日.py'), '%C3%A4/%E6%97%A5.py'],
  ['bytes that are no UTF-8', Buffer.from([0x61, 0xff, 0x0a, 0x2e, 0x70, 0x79]), 'a%FF%0A.py'],
])('a path with %s is a relative URI', (_name, bytes, uri) => {
  const [result] = run([skew(textOfName(bytes), 1)]).results
  expect(result!.locations[0]!.physicalLocation.artifactLocation.uri).toBe(uri)
})

describe('fingerprints', () => {
  const moved = (line: number, text: string): Finding => ({ ...skew('a.py', line), excerpt: [{ number: line, text }] })
  const source = "x = f'{a['b']}'"

  test('are the same in every run, and wherever the line is by then', () => {
    expect(fingerprints([moved(1, source)])).toEqual(fingerprints([moved(900, `    ${source}`)]))
  })

  test('do not rest on the line numbers in messages', () => {
    const at = (line: number) => {
      const [site] = moved(line, source).sites
      return {
        ...moved(line, source),
        sites: [{ ...site!, feature: null, message: `unterminated string (detected at line ${line})` }],
      }
    }
    expect(fingerprints([at(3)])).toEqual(fingerprints([at(5)]))
  })

  test.each<[string, Finding]>([
    ['in another file', skew('b.py', 1)],
    ['on a line that reads otherwise', moved(1, `y${source}`)],
    ['of another code', { ...moved(1, source), code: 'broken-source' }],
  ])('are others for what is %s', (_name, other) => {
    expect(new Set(fingerprints([moved(1, source), other])).size).toBe(2)
  })

  test('are unique, also for places that look the same', () => {
    const [site] = skew('a.py', 1).sites
    const same = { ...moved(1, source), sites: [site!, site!, site!] }
    expect(new Set(fingerprints([same, moved(2, source)])).size).toBe(4)
  })
})

test.each<[string, Finding, string]>([
  [
    'undecided',
    bare({ code: 'undecided', severity: 'error', evidence: { reason: 'no CPython 3.8 to ask' } }),
    'Dockerfile',
  ],
  [
    'provenance',
    bare({
      code: 'provenance-mismatch',
      severity: 'error',
      evidence: { provenance: { subject: 'commit', stage: 'commit', by: 'build 1', recorded: 'a', found: 'b' } },
    }),
    'Dockerfile',
  ],
])('a finding without a file is where the Python is declared: %s', (_name, finding, uri) => {
  const [result] = run([finding]).results
  expect(result!.locations[0]!.physicalLocation).toEqual({
    artifactLocation: { uri, uriBaseId: '%SRCROOT%' },
    region: { startLine: 1 },
  })
  expect(run([finding], { roles: { deploy: [], dev: null } }).results).toHaveLength(1)
})

test.each<[string, Finding['code'], Finding['evidence'], string | undefined]>([
  ['stands beside the source in an image', 'unexpected-in-image', {}, undefined],
  ['is installed in an image', 'broken-source', { installed: true }, undefined],
  ['is new in an image', 'altered-in-image', { change: 'added' }, undefined],
  ['is new in an archive', 'altered-in-upload', { change: 'added' }, undefined],
  ['is new in the working tree', 'uncommitted-change', { change: 'added' }, '%SRCROOT%'],
  ['is altered in an image', 'altered-in-image', { change: 'bom' }, '%SRCROOT%'],
])('what %s is below the root of the repository, or is not said to be', (_name, code, evidence, uriBaseId) => {
  const [result] = run([{ ...missing('app/x.py'), code, evidence }]).results
  expect(result!.locations[0]!.physicalLocation.artifactLocation).toEqual({
    uri: 'app/x.py',
    ...(uriBaseId === undefined ? {} : { uriBaseId }),
  })
})

test('where an image keeps the file is said', () => {
  const [result] = run([
    { ...missing('app/x.py'), code: 'unexpected-in-image', evidence: { imagePath: '/srv/app/x.py' } },
  ]).results
  expect(result!.message.text).toContain('In the image: /srv/app/x.py')
})

test('what is undecided is a result, and told to whoever looks at the run', () => {
  const finding = bare({ code: 'undecided', severity: 'error', evidence: { reason: 'it crashed' } })
  const { invocations, results } = run([finding], { remarks: ['the repository is bare'] })
  expect(results).toHaveLength(1)
  expect(invocations[0]).toMatchObject({
    executionSuccessful: false,
    toolExecutionNotifications: [
      { descriptor: { id: 'undecided' }, level: 'error', message: { text: 'Could not tell: it crashed.' } },
      { descriptor: { id: 'remark' }, level: 'note', message: { text: 'the repository is bare' } },
    ],
  })
  expect(run([skew('a.py', 1)]).invocations[0]).toMatchObject({ executionSuccessful: true })
})

test('the run says how it ended, of which commit it is and of which part of the repository', () => {
  const options = {
    exitCode: 1 as const,
    sourceDirectory: 'services/a b' as Path,
    repositoryUri: 'https://github.com/o/r',
  }
  const run = sarifRun(sarif(report([skew('a.py', 1)]), options))
  expect(run.invocations[0]!.exitCode).toBe(1)
  expect(run.automationDetails.id).toBe('firstbreak/services/a%20b/')
  expect(run.properties).toEqual({ outcome: 'broken', commit: '0123456789abcdef' })
  expect(run.versionControlProvenance).toEqual([
    { repositoryUri: 'https://github.com/o/r', revisionId: '0123456789abcdef', mappedTo: { uriBaseId: '%SRCROOT%' } },
  ])
})

describe('the limits of code scanning', () => {
  test('more results than are shown are told', () => {
    const { results, invocations } = run(Array.from({ length: 5001 }, (_, i) => skew(`m${i}.py`, 1)))
    expect(results).toHaveLength(5001)
    expect(invocations[0]!.toolExecutionNotifications.map(({ message }) => message.text)).toEqual([
      "GitHub's code scanning shows the 5000 most severe of 5001 results.",
    ])
  })

  test('more results than are taken are left out, the least severe, and that is told', () => {
    const warnings = Array.from({ length: 25_000 }, (_, i) => missing(`w${i}.py`))
    const log = sarif(report([...warnings, skew('a.py', 1)]))
    const { results, invocations } = sarifRun(log)
    expect(gzipSync(log).length).toBeLessThan(10e6)
    expect(results).toHaveLength(25_000)
    expect(results[0]!.ruleId).toBe('version-skew')
    expect(invocations[0]!.toolExecutionNotifications[0]!.message.text).toMatch(/^1 of 25001 results are left out/)
  })

  test('a finding about many files names a hundred of them', () => {
    const paths = Array.from({ length: 2000 }, (_, i) => `m${i}.py` as Path)
    const [result] = run([bare({ code: 'stale-in-image', severity: 'error', evidence: { paths } })]).results
    expect(result!.relatedLocations).toHaveLength(100)
    expect(result!.message.text).toMatch(/Files: m0\.py, .*, m19\.py and 1980 more$/)
  })
})
