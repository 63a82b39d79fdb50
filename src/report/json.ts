import type { Finding, Site, Suggestion } from '../model/finding.ts'
import type { ImageDescription } from '../model/image-description.ts'
import type { CastInterpreter } from '../model/interpreter.ts'
import type { Report, StageSummary } from '../model/report.ts'
import { conclusion } from './conclusion.ts'
import { jsonText } from './json-text.ts'

/** Raised when a field changes its meaning or goes. */
const schemaVersion = 1

/** The report for programs: same inputs, same bytes. */
export function json(report: Report): string {
  const { tool, outcome, stages, interpreters, roles, mappings, comparisons, findings, hypotheses, remarks } = report
  const document = {
    schemaVersion,
    tool,
    outcome,
    conclusion: conclusion(report),
    stages: stages.map(stageDocument),
    interpreters: interpreters.map(interpreterDocument),
    roles,
    mappings: mappings.map(mappingDocument),
    comparisons,
    findings: findings.map(findingDocument),
    hypotheses,
    remarks,
  }
  return jsonText(document)
}

function mappingDocument({ moved, ...mapping }: Report['mappings'][number]): object {
  return {
    ...mapping,
    imageDirectory: `/${mapping.imageDirectory}`,
    ...(moved === undefined ? {} : { moved: { ...moved, from: `/${moved.from}` } }),
  }
}

function stageDocument({ read, layers, description, ...stage }: StageSummary): object {
  return {
    ...stage,
    ...(read === null ? {} : { read }),
    ...(layers === null ? {} : { layers }),
    ...(description === null ? {} : imageDocument(description)),
  }
}

function imageDocument({ pythons, platform }: ImageDescription): object {
  return {
    pythons: pythons.map(({ version, from, prefix, path, reachedBy }) => ({ version, from, prefix, path, reachedBy })),
    platform: { ...platform, settings: Object.fromEntries(platform.settings) },
  }
}

/** Without what tells the machine, as the place of its program. */
export function interpreterDocument({ id, version, provider, roles, standsInFor, checks }: CastInterpreter): object {
  return { id, version, provider, roles, standsInFor, checks }
}

/** A finding as programs read it. */
export function findingDocument({ excerpt: _, sites, ...finding }: Finding): object {
  const { code, severity, path, shipped, firstBreak, sitesComplete, verdicts, evidence } = finding
  return {
    code,
    severity,
    path,
    shipped,
    firstBreak,
    sites: sites.map(siteDocument),
    sitesComplete,
    verdicts,
    evidence,
  }
}

function siteDocument({ start, end, message, feature, suggestion }: Site): object {
  return {
    line: start?.line ?? null,
    column: start?.column ?? null,
    endLine: end?.line ?? null,
    endColumn: end?.column ?? null,
    message,
    feature: feature?.id ?? null,
    since: feature?.since ?? null,
    until: feature?.until ?? null,
    suggestion: suggestion === null ? null : suggestionDocument(suggestion),
  }
}

function suggestionDocument({ advice, edits, sameTree }: Suggestion): object {
  const places = edits.map(({ start, end, replacement }) => ({
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
    replacement,
  }))
  return { advice, sameTree, edits: places }
}
