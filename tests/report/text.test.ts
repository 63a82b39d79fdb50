import { describe, expect, test } from 'vitest'
import type { Finding } from '../../src/model/finding.ts'
import type { Path } from '../../src/model/path.ts'
import { colourStyle, plainStyle } from '../../src/report/style.ts'
import { text } from '../../src/report/text.ts'
import { missing, report, skew } from '../support/report.ts'

const added = {
  change: 'added',
  before: { stage: 'commit', sha256: null },
  after: { stage: 'worktree', sha256: 'a' },
  effect: 'none',
} as const

test('several interpreters that take a file take it together', () => {
  const finding = { ...skew('a.py', 1), evidence: { acceptedBy: ['3.12.1', '3.13.0'] } }
  expect(text(report([finding])).replace(/\s+/g, ' ')).toContain(
    'CPython 3.12.1 and CPython 3.13.0 take them, CPython 3.11.7 rejects them.',
  )
})

describe('many findings', () => {
  const many = Array.from({ length: 5000 }, (_, i) => skew(`app/m${i}.py`, i + 1))

  test('of one cause are one block of a screenful, with the code of the first, and a count of the rest', () => {
    const lines = text(report(many)).split('\n')
    expect(lines.length).toBeLessThan(30)
    expect(lines.filter(line => line.startsWith('error'))).toEqual([
      'error version-skew  5,000 files with the same quotes inside an f-string field',
    ])
    expect(lines.filter(line => /m\d+\.py/.test(line))).toEqual(['  app/ 5,000, first app/m0.py'])
  })

  test('are all shown with --verbose', () => {
    const shown = text(report(many), { style: plainStyle, verbose: true, quiet: false })
    for (const i of [0, 10, 11, 4999]) expect(shown).toContain(`  app/m${i}.py: line ${i + 1}`)
    expect(shown).not.toContain('more file')
  })

  test('of many causes are not all told', () => {
    const causes = many.slice(0, 60).map((each, i) => ({ ...each, evidence: { acceptedBy: [`${i % 12}`] } }))
    const shown = text(report(causes))
    expect(shown.match(/^error /gm)).toHaveLength(5)
    expect(shown).toContain('and 7 more causes, of 35 findings (--verbose tells them all)')
    const all = text(report(causes), { style: plainStyle, verbose: true, quiet: false })
    expect(all.match(/^error /gm)).toHaveLength(12)
  })

  test('that were not searched are told with those of their cause that were', () => {
    const unsearched = (each: Finding): Finding => ({
      ...each,
      sites: each.sites.map(site => ({ ...site, feature: null })),
      sitesComplete: false,
      evidence: { ...each.evidence, unsearched: true },
    })
    const shown = text(report(many.slice(0, 40).map((each, i) => (i % 2 === 0 ? each : unsearched(each)))))
    expect(shown.match(/^error .*$/gm)).toEqual([expect.stringContaining('version-skew  40 files')])
    const alone = text(report(many.slice(0, 3).map(unsearched)))
    expect(alone.match(/^error .*$/gm)).toEqual([expect.stringContaining('version-skew  3 files')])
    expect(alone).not.toContain('perhaps more')
  })

  test('that break nothing are counted by directory', () => {
    const files = Array.from({ length: 30 }, (_, i) => missing(`${i < 20 ? 'secret/a' : 'secret_too'}/m${i}.py`))
    expect(text(report(files))).toContain(
      [
        'warning missing-from-upload  30 files',
        '  In worktree, and not in upload: the rule secret/ (.gitignore:4) keeps it out. Git itself does not',
        '  apply it to files that it tracks; gcloud does.',
        '  secret/ (20 files), secret_too/ (10 files)',
      ].join('\n'),
    )
  })

  test('of different causes are blocks of their own', () => {
    const shown = text(report([skew('a.py', 1), { ...skew('b.py', 1), shipped: true }, missing('c.py')]))
    expect(shown.match(/^(error|warning) .*$/gm)).toHaveLength(3)
  })
})

describe('a code frame', () => {
  const frame = (source: string, ...columns: [number, number][]) => {
    const [site] = skew('a.py', 1).sites
    const sites = columns.map(([from, to]) => ({
      ...site!,
      feature: null,
      message: 'here',
      start: { line: 1, column: from },
      end: { line: 1, column: to },
    }))
    const shown = text(report([{ ...skew('a.py', 1), sites, excerpt: [{ number: 1, text: source }] }]))
    return shown
      .split('\n')
      .filter(line => line.includes('│'))
      .map(line => line.slice(line.indexOf('│') + 2))
  }

  test.each<[string, string, [number, number][], string[]]>([
    ['marks the place', 'x = (1', [[5, 6]], ['x = (1', '    ^ here']],
    ['marks all of it', 'x = abc def', [[5, 8]], ['x = abc def', '    ^^^ here']],
    [
      'marks every place of a line',
      'a b',
      [
        [1, 2],
        [3, 4],
      ],
      ['a b', '^ here', '  ^ here'],
    ],
    ['counts characters, not units', 'x = "🐍" (', [[9, 10]], ['x = "🐍" (', '         ^ here']],
    ['keeps marks under what a tab moved', '\tx = (', [[6, 7]], ['    x = (', '        ^ here']],
    ['shows what steers a terminal', 'a\u001b[2J = (', [[9, 10]], ['a\\x1b[2J = (', '           ^ here']],
    ['marks behind the end of the line', 'x = 1 +', [[8, 8]], ['x = 1 +', '       ^ here']],
  ])('%s', (_name, source, columns, expected) => expect(frame(source, ...columns)).toEqual(expected))

  test('cuts a long line and keeps the place in sight', () => {
    const [line, mark] = frame(`${'x'.repeat(500)}!${'y'.repeat(500)}`, [501, 502])
    expect(line!.length).toBeLessThan(110)
    expect(line!.indexOf('!')).toBe(mark!.indexOf('^'))
  })
})

test('of a place of which the same is to be said as of one before, only the line is shown', () => {
  const [site] = skew('a.py', 1).sites
  const lines = Array.from({ length: 12 }, (_, i) => ({ number: i + 1, text: i === 11 ? '' : `line ${i + 1}` }))
  const sites = [1, 6, 10].map(line => ({ ...site!, start: { line, column: 1 }, end: { line, column: 2 } }))
  const finding = { ...skew('a.py', 1), sites, excerpt: lines }
  const frame = (verbose: boolean) => text(report([finding]), { style: plainStyle, verbose, quiet: false })
  const short = frame(false)
  expect(short.match(/Cannot use/g)).toHaveLength(1)
  expect(short.match(/\^ the same$/gm)).toHaveLength(2)
  expect(short.match(/│ line \d+/g)).toEqual(['│ line 1', '│ line 2', '│ line 3', '│ line 6', '│ line 10'])
  expect(frame(true).match(/Cannot use/g)).toHaveLength(3)
  expect(frame(true)).not.toMatch(/\^ the same$/m)
})

test.each<[string, Parameters<typeof report>[0], RegExp]>([
  [
    'a whole that is added',
    [{ ...missing('a.py'), code: 'uncommitted-change', evidence: added }],
    /no commit that was looked at\. It is not in/,
  ],
  [
    'a change that breaks nothing',
    [{ ...missing('a.py'), code: 'uncommitted-change', evidence: { ...added, change: 'rewritten' } }],
    /no better and no worse/,
  ],
])('whether it compiles better is said of %s only where that means something', (_name, findings, expected) =>
  expect(text(report(findings))).toMatch(expected),
)

test.each([
  [[skew('a.py', 1)], 'rejects it, and'],
  [[skew('a.py', 1), skew('b.py', 1)], 'rejects them, and'],
])('what is broken from the start is one file or several', (findings, expected) =>
  expect(text(report(findings.map(each => ({ ...each, code: 'broken-source' as const }))))).toContain(expected),
)

test.each([
  ['a layer renamed it', null, true],
  ['the Dockerfile names it so', 'Dockerfile:4', false],
])('a file that has another name in the image is said to, where %s: %#', (_name, saidBy, isSaid) => {
  const mapping = {
    stage: 'image',
    imageDirectory: 'app/helpers.py' as Path,
    sourceDirectory: 'app/util.py' as Path,
    from: 'content',
    votes: 1,
    compared: 1,
    equal: 1,
    saidBy,
  } as const
  const shown = text(report([], { mappings: [mapping] })).replaceAll(/\s+/g, ' ')
  expect(shown).toContain('/app/helpers.py holds app/util.py')
  expect(shown.includes('under another name that no COPY gives it')).toBe(isSaid)
})

test('nothing of a report is wider than a screen, but for code and what stands on one line by nature', () => {
  const shown = text(report([skew(`${'deep/'.repeat(30)}a.py`, 1), missing('b.py')]))
  const wide = shown.split('\n').filter(line => line.length > 100 && !line.includes('│') && !line.includes('deep/'))
  expect(wide).toEqual([])
})

test('colours change no character of the report', () => {
  const options = { verbose: false, quiet: false }
  const coloured = text(report([skew('a.py', 1), missing('b.py')]), { ...options, style: colourStyle })
  // biome-ignore lint/complexity/useRegexLiterals: an escape in a literal cannot be seen
  const bare = coloured.replace(new RegExp('\u001b\\[\\d+m', 'g'), '')
  expect(bare).toBe(text(report([skew('a.py', 1), missing('b.py')])))
  expect(coloured).not.toBe(bare)
})

test('with --quiet, only what is broken and what to do', () => {
  const shown = text(report([skew('a.py', 1), missing('b.py')]), { style: plainStyle, verbose: false, quiet: true })
  expect(shown).toMatch(/^BROKEN/)
  expect(shown).toContain('What to do')
  expect(shown).not.toMatch(/Theories|missing-from-upload|their digest/)
})

test.each(['::error file=x::boo', '::stop-commands::x', '##[add-mask]x', '##vso[task.complete]'])(
  'no line is a command to the runner of a CI: %s',
  hostile => {
    const finding = { ...skew(`${hostile}.py`, 1), excerpt: [{ number: 1, text: `x = 1 ${hostile}` }] }
    const shown = text(report([finding, missing(hostile)], { remarks: [`so ${'long '.repeat(20)} ${hostile}`] }))
    expect(shown).not.toMatch(/^\s*::/m)
    expect(shown).not.toMatch(/##[a-z]*\[/)
  },
)
