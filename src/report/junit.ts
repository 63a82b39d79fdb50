import type { Finding } from '../model/finding.ts'
import { comparePaths, type Path } from '../model/path.ts'
import type { Report } from '../model/report.ts'
import { contextOf, helpWith, summaryOf } from './occurrence.ts'
import { visible } from './visible.ts'
import { element, type Xml, xmlDocument } from './xml.ts'

/** A test: what was found of one file, or one finding about no single file. */
interface Case {
  readonly name: string
  readonly findings: readonly Finding[]
}

/**
 * The report as JUnit XML: a test for each Python file, and one for each finding that is about no single file. What breaks is a
 * failure, what could not be decided an error; warnings and notes are the output of a test that passes. No clocks.
 */
export function junit(report: Report): string {
  const suites = { files: fileCases(report), project: projectCases(report) }
  const written = Object.entries(suites).map(([name, cases]) => suite(name, cases, report))
  const totals = totalsOf(Object.values(suites).flat())
  return xmlDocument(element('testsuites', { name: 'firstbreak', ...totals }, written))
}

function fileCases({ paths, findings }: Report): Case[] {
  const ofPath = new Map<Path, Finding[]>(paths.map(path => [path, []]))
  for (const finding of findings) {
    if (finding.path === null) continue
    const known = ofPath.get(finding.path)
    if (known === undefined) ofPath.set(finding.path, [finding])
    else known.push(finding)
  }
  return [...ofPath]
    .sort(([a], [b]) => comparePaths(a, b))
    .map(([path, findings]) => ({ name: visible(path), findings }))
}

/** A run of which nothing of this kind is to be said has passed the one test that there is. */
function projectCases(report: Report): Case[] {
  const cases = report.findings
    .filter(({ path }) => path === null)
    .map(finding => ({ name: `${finding.code}: ${summaryOf({ finding, site: null }, report)}`, findings: [finding] }))
  return cases.length === 0 ? [{ name: 'all that was asked for was looked at', findings: [] }] : cases
}

function suite(name: string, cases: readonly Case[], report: Report): Xml {
  const tests = cases.map(each => testcase(each, `firstbreak.${name}`, report))
  return element('testsuite', { name: `firstbreak.${name}`, ...totalsOf(cases) }, [properties(report), ...tests])
}

/** What the tests rest on. */
function properties({ tool, outcome, stages, interpreters }: Report): Xml {
  const values = [
    ['version', tool.version],
    ['outcome', outcome],
    ...stages.map(({ name, kind, reference }) => [`stage.${name}`, [kind, reference ?? ''].join(' ').trim()]),
    ...interpreters.map(({ id, version, roles }) => [`interpreter.${id}`, [version, ...roles].join(' ')]),
  ]
  const written = values.map(([name, value]) => element('property', { name: visible(name!), value: visible(value!) }))
  return element('properties', {}, written)
}

function testcase({ name, findings }: Case, classname: string, report: Report): Xml {
  const state = stateOf(findings)
  const errors = findings.filter(({ severity }) => severity === 'error')
  const others = findings.filter(({ severity }) => severity !== 'error')
  const bad = state === 'passed' ? [] : [element(state, summaryAttributes(errors, report), textOf(errors, report))]
  const output = others.length === 0 ? [] : [element('system-out', {}, textOf(others, report))]
  return element('testcase', { name, classname }, [...bad, ...output])
}

function summaryAttributes(
  errors: readonly Finding[],
  report: Report,
): { readonly type: string; readonly message: string } {
  const [finding] = errors
  return { type: finding!.code, message: summaryOf({ finding: finding!, site: finding!.sites[0] ?? null }, report) }
}

/** Every finding with every place. */
function textOf(findings: readonly Finding[], report: Report): string {
  return findings.map(finding => findingText(finding, report)).join('\n\n')
}

function findingText(finding: Finding, report: Report): string {
  const places = finding.sites.flatMap(site => {
    const occurrence = { finding, site }
    const where = site.start === null ? '' : `line ${site.start.line}, column ${site.start.column}: `
    return [`${where}${summaryOf(occurrence, report)}`, ...helpWith(occurrence)]
  })
  return [`${finding.severity} ${finding.code}`, ...contextOf(finding, report), ...places].join('\n')
}

function stateOf(findings: readonly Finding[]): 'passed' | 'failure' | 'error' {
  const errors = findings.filter(({ severity }) => severity === 'error')
  if (errors.some(({ code }) => code !== 'undecided')) return 'failure'
  return errors.length > 0 ? 'error' : 'passed'
}

function totalsOf(cases: readonly Case[]): {
  readonly tests: number
  readonly failures: number
  readonly errors: number
} {
  const states = cases.map(({ findings }) => stateOf(findings))
  const count = (wanted: string) => states.filter(state => state === wanted).length
  return { tests: cases.length, failures: count('failure'), errors: count('error') }
}
