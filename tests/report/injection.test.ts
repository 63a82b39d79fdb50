import { micromark } from 'micromark'
import { gfm, gfmHtml } from 'micromark-extension-gfm'
import { describe, expect, test } from 'vitest'
import type { Finding } from '../../src/model/finding.ts'
import { type Path, textOfName } from '../../src/model/path.ts'
import { github } from '../../src/report/github/github.ts'
import { markdownSummary } from '../../src/report/github/markdown-summary.ts'
import { gitlab } from '../../src/report/gitlab.ts'
import { json } from '../../src/report/json.ts'
import { junit } from '../../src/report/junit.ts'
import { sarif } from '../../src/report/sarif/sarif.ts'
import { text } from '../../src/report/text.ts'
import { type Element, junitRoot, sarifRun } from '../support/formats.ts'
import { missing, report, skew } from '../support/report.ts'
import { commandsIn } from '../support/workflow-commands.ts'

/** As a name, a line of source, a message, a reason, an instruction and a remark. */
const hostile: readonly (readonly [string, string])[] = [
  ['a workflow command', '::error file=x.py,line=1::boo'],
  ['a workflow command behind a line break', 'a\n::add-mask::e'],
  ['a workflow command behind a carriage return', 'a\r::add-mask::e'],
  ['a workflow command behind blanks', 'a\u0085 \u00a0\u2003::set-output name=x::y'],
  ['what stops all commands', '::stop-commands::x'],
  ['the old spelling of a command', 'x ##[set-env name=PATH]/tmp'],
  ['a command of Azure Pipelines', 'x ##vso[task.setvariable variable=x]y'],
  ['an escaped line break', 'a%0A::error::b%0D%25'],
  ['what ends a property', 'a,line=99,title=x::y'],
  ['an ANSI escape', '\u001b[31mred\u001b]0;title\u0007\u009b2J'],
  ['the end of a CDATA section', 'a]]>b<![CDATA[c'],
  ['markup', '</testcase><script>alert(1)</script>&lt;&#0;<!--'],
  ['quotes', `"'\`\\"`],
  ['Markdown', '| `x` **b** [l](http://e.example) ![i](y) # h\n# h\n- [ ] t ~~s~~ www.e.example @user <img src=x>'],
  ['a table', 'a | b\n| --- | --- |'],
  ['bytes that are no UTF-8', textOfName(Buffer.from([0x61, 0xff, 0xc3, 0x28]))],
  ['characters that XML lacks', '\0\u0001\ufffe\uffff\ud800'],
  ['a right-to-left override', 'a\u202egnp.exe\u2066\u200b\ufeff'],
  ['line separators', 'a\u2028b\u2029c'],
  ['placeholders', '{0} %s $(x) {{y}}'],
]

function reportOf(words: string): ReturnType<typeof report> {
  const [site] = skew('x', 1).sites
  const broken: Finding = {
    ...skew(words, 1),
    sites: [
      {
        ...site!,
        feature: null,
        message: words,
        suggestion: {
          advice: 'write it so',
          edits: [{ start: { line: 1, column: 1 }, end: { line: 1, column: 2 }, replacement: words }],
          sameTree: null,
        },
      },
    ],
    evidence: { acceptedBy: ['native-3.12.1'], imagePath: `/${words}` },
    excerpt: [{ number: 1, text: words }],
  }
  const undecided: Finding = {
    ...missing('x'),
    code: 'undecided',
    severity: 'error',
    path: null,
    evidence: { reason: words },
  }
  const left: Finding = {
    ...missing(words),
    evidence: {
      ...missing('').evidence,
      rule: { file: words, line: 1, text: words },
      copies: [{ from: 'Dockerfile:1', text: words }],
    },
  }
  return report([broken, undecided, left], {
    remarks: [words],
    roles: { deploy: [{ version: '3.11', from: words }], dev: null },
  })
}

/** What would steer a terminal, or show nothing. */
const steering = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u
const withoutLineBreaks = (shown: string) => shown.replaceAll('\n', '')

describe.each(hostile)('%s', (_name, words) => {
  const whole = reportOf(words)

  test.each<[string, string]>([
    ['text', text(whole)],
    ['json', json(whole)],
    ['sarif', sarif(whole)],
    ['junit', junit(whole)],
    ['gitlab', gitlab(whole)],
  ])('gives the runner no command in %s, and steers no terminal', (_format, shown) => {
    expect(commandsIn(shown)).toEqual([])
    expect(shown).not.toMatch(/##[a-z]*\[/)
    expect(withoutLineBreaks(shown)).not.toMatch(steering)
  })

  test('is what it was to whoever parses the JSON', () => {
    const { findings } = JSON.parse(json(whole))
    expect(findings[0].path).toBe(words)
    expect(findings[0].sites[0].suggestion.edits[0].replacement).toBe(words)
  })

  test('leaves SARIF as its schema says, with a relative URI that leads to the file', () => {
    const { results } = sarifRun(sarif(whole))
    expect(results.map(({ ruleId }) => ruleId)).toEqual(['version-skew', 'undecided', 'missing-from-upload'])
    const { uri } = results[0]!.locations[0]!.physicalLocation.artifactLocation
    expect(uri).toMatch(/^(?:[\w.~/-]|%[0-9A-F]{2})+$/)
    const bytes = Buffer.from(
      uri.replace(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
      'latin1',
    )
    if (!words.includes('\ud800')) expect(textOfName(bytes)).toBe(words)
    for (const { message } of results.flatMap(each => [each, ...(each.relatedLocations ?? [])])) {
      expect(message!.text).not.toMatch(/\]\(/)
      expect(withoutLineBreaks(message!.text)).not.toMatch(steering)
    }
  })

  test('leaves JUnit XML with the tests that it has', () => {
    const root = junitRoot(junit(whole))
    const shape = ({ name, children }: Element): unknown => [
      name,
      ...children.filter(each => each.name !== 'properties').map(shape),
    ]
    expect(shape(root)).toEqual([
      'testsuites',
      ['testsuite', ['testcase', ['failure'], ['system-out']]],
      ['testsuite', ['testcase', ['error']]],
    ])
  })

  test('gives GitHub its three annotations and no other command', () => {
    const commands = commandsIn(github(whole))
    expect(commands.map(({ name }) => name)).toEqual(['error', 'error', 'warning'])
    expect(commands.map(({ properties }) => properties.title)).toEqual([
      'firstbreak: version-skew',
      'firstbreak: undecided',
      'firstbreak: missing-from-upload',
    ])
    expect(Object.keys(commands[0]!.properties)).toEqual(['file', 'line', 'endLine', 'col', 'endColumn', 'title'])
    expect(commands[0]!.properties.line).toBe('1')
    for (const { data, properties } of commands) {
      expect(withoutLineBreaks(data)).not.toMatch(steering)
      expect(properties.file ?? '').not.toMatch(steering)
    }
  })

  test('is text, and no markup, in the summary of a step', () => {
    const summary = markdownSummary(whole, 1024 ** 2)
    const options = { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true }
    const tags = micromark(summary, options).match(/<\/?[a-z0-9]+/gi)!
    const plain = micromark(markdownSummary(reportOf('x'), 1024 ** 2), options).match(/<\/?[a-z0-9]+/gi)!
    expect(tags).toEqual(plain)
    expect(withoutLineBreaks(summary)).not.toMatch(steering)
  })

  test('leaves GitLab its three entries', () => {
    const entries: readonly { readonly description: string; readonly location: { readonly path: Path } }[] = JSON.parse(
      gitlab(whole),
    )
    expect(entries).toHaveLength(3)
    for (const { description, location } of entries) expect(description + location.path).not.toMatch(steering)
  })
})
