import { describe, expect, test } from 'vitest'
import { colourStyle, plainStyle } from '../../src/report/style.ts'
import { text } from '../../src/report/text.ts'
import { missing, report, skew } from '../support/report.ts'

describe('many findings', () => {
  const many = Array.from({ length: 5000 }, (_, i) => skew(`app/m${i}.py`, i + 1))

  test('of one cause are one block of a screenful, with the code of the first, and a count of the rest', () => {
    const lines = text(report(many)).split('\n')
    expect(lines.length).toBeLessThan(55)
    expect(lines.filter(line => line.startsWith('error'))).toEqual([
      'error version-skew  5000 files  first break: the commit, on CPython 3.11.7',
    ])
    expect(lines).toContain('  app/m9.py: line 10')
    expect(lines).not.toContain('  app/m10.py: line 11')
    expect(lines).toContain('  and 4990 more files (--verbose names them all)')
  })

  test('are all shown with --verbose', () => {
    const shown = text(report(many), { style: plainStyle, verbose: true, quiet: false })
    for (const i of [0, 10, 11, 4999]) expect(shown).toContain(`  app/m${i}.py: line ${i + 1}`)
    expect(shown).not.toContain('more file')
  })

  test('that break nothing are counted by directory', () => {
    const files = Array.from({ length: 30 }, (_, i) => missing(`${i < 20 ? 'secret/a' : 'secret_too'}/m${i}.py`))
    expect(text(report(files))).toContain(
      [
        'warning missing-from-upload  30 files',
        '  In worktree, and not in upload: the rule secret/ (.gitignore:4) keeps it out. Git itself does not apply it',
        '  to files that it tracks; gcloud does.',
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
