import type { Finding } from '../../model/finding.ts'
import { type Path, rootPath } from '../../model/path.ts'
import type { Report } from '../../model/report.ts'
import { fingerprinter } from '../fingerprints.ts'
import { jsonText } from '../json-text.ts'
import { detailsOf, type Occurrence, occurrences } from '../occurrence.ts'
import { visible } from '../visible.ts'
import { locationOf, sourceRoot, stageLocations } from './locations.ts'
import { messageOf } from './message.ts'
import { resultOf } from './result.ts'
import { ruleIndex, rules } from './rules.ts'
import { uriOf } from './uri.ts'

export interface SarifOptions {
  /** How the run ends; null where nobody says. */
  readonly exitCode: 0 | 1 | 2 | null
  /** The part of the repository that was looked at; keeps the results of several parts apart. */
  readonly sourceDirectory: Path
  /** Where the repository is hosted, without credentials; null where nobody says, and then the revision is only a property of the run. */
  readonly repositoryUri: string | null
}

const defaults: SarifOptions = { exitCode: null, sourceDirectory: rootPath, repositoryUri: null }

/** Code scanning refuses a run with more results. */
const mostResults = 25_000
/** Code scanning shows no more of them. */
const mostShown = 5_000

/** The report as a SARIF 2.1.0 log of one run, within the limits of GitHub's code scanning. */
export function sarif(report: Report, options: SarifOptions = defaults): string {
  return jsonText({
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [runOf(report, options)],
  })
}

function runOf(report: Report, options: SarifOptions): object {
  const { tool, outcome } = report
  const fingerprint = fingerprinter()
  const all = occurrences(report).map(each => ({ ...each, fingerprint: fingerprint(each) }))
  const commit = report.stages.find(({ place }) => place === 'commit')?.reference ?? null
  const part = uriOf(options.sourceDirectory)
  return {
    tool: { driver: { ...tool, semanticVersion: tool.version, rules: rules(), notifications } },
    automationDetails: { id: part === '' ? 'firstbreak/' : `firstbreak/${part}/` },
    invocations: [invocationOf(report, options, all.length)],
    ...provenance(commit, options),
    originalUriBaseIds: { [sourceRoot]: { description: { text: 'The root of the repository.' } } },
    columnKind: 'unicodeCodePoints',
    logicalLocations: stageLocations(report),
    results: mostSevere(all).map(each => resultOf(each, report, each.fingerprint)),
    properties: { outcome, commit },
  }
}

/** As many as code scanning takes: errors go before warnings, and those before notes. */
function mostSevere<Each extends Occurrence>(all: readonly Each[]): readonly Each[] {
  if (all.length <= mostResults) return all
  const order = ['error', 'warning', 'note']
  const rank = ({ finding }: Occurrence) => order.indexOf(finding.severity)
  return all.toSorted((a, b) => rank(a) - rank(b)).slice(0, mostResults)
}

const notifications = [
  { id: 'undecided', shortDescription: { text: 'Something could not be decided.' } },
  { id: 'results-left-out', shortDescription: { text: 'There are more results than are listed, or shown.' } },
  { id: 'remark', shortDescription: { text: 'How it was looked at.' } },
]

function invocationOf(report: Report, { exitCode }: SarifOptions, results: number): object {
  const undecided = report.findings.filter(({ code, severity }) => code === 'undecided' && severity === 'error')
  return {
    executionSuccessful: undecided.length === 0,
    ...(exitCode === null ? {} : { exitCode, exitCodeDescription: exitCodes[exitCode] }),
    toolExecutionNotifications: [
      ...undecided.slice(0, mostResults).map(finding => undecidedNotification(finding, report)),
      ...leftOut(results).map(text => notification('results-left-out', 'warning', [text])),
      ...report.remarks.map(remark => notification('remark', 'note', [visible(remark)])),
    ],
  }
}

const exitCodes = { 0: 'nothing is broken', 1: 'something is broken', 2: 'could not tell' }

function undecidedNotification(finding: Finding, report: Report): object {
  const occurrence = { finding, site: null }
  return {
    ...notification('undecided', 'error', detailsOf(occurrence, report)),
    associatedRule: { id: finding.code, index: ruleIndex(finding.code) },
    locations: [locationOf(occurrence, report)],
  }
}

function notification(id: string, level: 'error' | 'warning' | 'note', lines: readonly string[]): object {
  const index = notifications.findIndex(each => each.id === id)
  return { descriptor: { id, index }, level, message: messageOf(lines) }
}

function leftOut(results: number): string[] {
  if (results <= mostShown) return []
  const shown = `GitHub's code scanning shows the ${mostShown} most severe of ${results} results.`
  if (results <= mostResults) return [shown]
  return [
    `${results - mostResults} of ${results} results are left out, the least severe: code scanning takes ${mostResults}.`,
    shown,
  ]
}

/** Which commit of which repository; there is no place here for the one without the other. */
function provenance(commit: string | null, { repositoryUri }: SarifOptions): object {
  if (repositoryUri === null || commit === null) return {}
  return {
    versionControlProvenance: [{ repositoryUri, revisionId: commit, mappedTo: { uriBaseId: sourceRoot } }],
  }
}
