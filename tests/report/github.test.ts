import { micromark } from 'micromark'
import { gfm, gfmHtml } from 'micromark-extension-gfm'
import { describe, expect, test } from 'vitest'
import type { Finding } from '../../src/model/finding.ts'
import { github } from '../../src/report/github/github.ts'
import { markdownSummary } from '../../src/report/github/markdown-summary.ts'
import { missing, report, skew } from '../support/report.ts'
import { commandsIn } from '../support/workflow-commands.ts'

const commands = (findings: readonly Finding[]) => commandsIn(github(report(findings)))
const many = (length: number, make: (path: string, line: number) => Finding) =>
  Array.from({ length }, (_, i) => make(`m${i}.py`, i + 1))

test('a place is an annotation', () => {
  expect(commands([skew('app/a.py', 7)])).toEqual([
    {
      name: 'error',
      properties: {
        file: 'app/a.py',
        line: '7',
        endLine: '7',
        col: '5',
        endColumn: '5',
        title: 'firstbreak: version-skew',
      },
      data: [
        'Cannot use the same quotes inside an f-string field on Python 3.11.7 (allowed since 3.12, PEP 701)',
        'The bytes never changed, the interpreter did: CPython 3.12.1 takes them, CPython 3.11.7 rejects them.',
        'First break: the commit, on CPython 3.11.7.',
      ].join('\n'),
    },
  ])
})

test('a place over several lines has no columns, which the runner would refuse', () => {
  const [site] = skew('a.py', 1).sites
  const [command] = commands([{ ...skew('a.py', 1), sites: [{ ...site!, end: { line: 4, column: 2 } }] }])
  expect(command!.properties).toMatchObject({ line: '1', endLine: '4' })
  expect(Object.keys(command!.properties)).not.toContain('col')
})

test('errors are errors, warnings warnings, and notes notices', () => {
  const note: Finding = { ...missing('n.py'), severity: 'note' }
  expect(commands([skew('a.py', 1), missing('w.py'), note]).map(({ name }) => name)).toEqual([
    'error',
    'warning',
    'notice',
  ])
})

test('what is about no file, or about one that the repository does not have, names none', () => {
  const unexpected: Finding = { ...missing('x.py'), code: 'unexpected-in-image', evidence: {} }
  const shown = commands([unexpected, { ...missing(''), path: null }])
  expect(shown.map(({ properties }) => properties.file)).toEqual([undefined, undefined])
  expect(shown[0]!.data).toMatch(/^x\.py: /)
})

test('of more than GitHub shows of one level, the last counts the rest', () => {
  const shown = commands([...many(30, skew), ...many(10, missing)])
  const errors = shown.filter(({ name }) => name === 'error')
  expect(errors).toHaveLength(10)
  expect(errors.at(-1)).toEqual({
    name: 'error',
    properties: { title: 'firstbreak' },
    data: '21 more errors, in all 30 in 30 files; GitHub shows 10 for a step',
  })
  expect(shown.filter(({ name }) => name === 'warning')).toHaveLength(10)
})

test('each finding is annotated before any of them is a second time', () => {
  const [site] = skew('a.py', 1).sites
  const first = { ...skew('a.py', 1), sites: Array.from({ length: 20 }, () => site!) }
  const files = commands([first, ...many(5, skew)]).map(({ properties }) => properties.file)
  expect(files.slice(0, 6)).toEqual(['a.py', 'm0.py', 'm1.py', 'm2.py', 'm3.py', 'm4.py'])
})

test('a clean run annotates nothing, and says that it is clean', () => {
  expect(commands([])).toEqual([])
  expect(github(report([]))).toMatch(/^CLEAN {2}all 2 Python files/)
})

describe('the summary of a step', () => {
  const html = (markdown: string) =>
    micromark(markdown, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true })
  const room = 1024 ** 2

  test('holds outcome, way, places and what to do', () => {
    const shown = html(markdownSummary(report([skew('app/a.py', 7), missing('__init__.py')]), room))
    expect(shown).toContain('<h2>firstbreak: broken</h2>')
    expect(shown).toContain('<td>commit <code>01234567</code></td>')
    expect(shown).toContain('<td><code>app/a.py:7</code></td>')
    expect(shown).toContain('<td><code>__init__.py:1</code></td>')
    expect(shown).toContain('run it on Python 3.12 or later')
  })

  test('of a clean run has no table of places', () => {
    expect(html(markdownSummary(report([]), room))).not.toContain('where')
  })

  test('keeps within its room, and counts what it leaves out', () => {
    const summary = markdownSummary(report(many(20_000, skew)), 50_000)
    expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(50_000)
    expect(Buffer.byteLength(summary)).toBeGreaterThan(49_000)
    const listed = html(summary).match(/<td>error<\/td>/g)!.length
    expect(html(summary)).toContain(`${(20_000 - listed).toLocaleString('en')} more places not listed here.`)
    expect(summary).toContain('What to do')
  })

  test('is empty where there is no room at all', () => expect(markdownSummary(report([skew('a.py', 1)]), 100)).toBe(''))
})
