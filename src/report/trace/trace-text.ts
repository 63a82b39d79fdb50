import type { FileTrace, TracedStage } from '../../model/file-trace.ts'
import type { Finding, LayerRecord } from '../../model/finding.ts'
import { disarm } from '../disarm.ts'
import { findingBlock } from '../finding-block.ts'
import { hunkLines } from '../hunk-lines.ts'
import { nextSteps, unseenStages } from '../next-steps.ts'
import type { Style } from '../style.ts'
import { bullet, interpreterLines } from '../text.ts'
import { visible } from '../visible.ts'
import { short, stageTitle } from '../words.ts'
import { wrap } from '../wrap.ts'
import { commitLines } from './commit-lines.ts'
import { fileConclusion } from './file-conclusion.ts'
import { stageTable } from './stage-table.ts'

/** Every place of the file is shown. */
const bounds = {
  frames: Number.POSITIVE_INFINITY,
  names: Number.POSITIVE_INFINITY,
  sites: Number.POSITIVE_INFINITY,
  ofNotes: true,
}

export interface TraceTextOptions {
  readonly style: Style
  /** What is wrong and what to do, no more than that and the stages. */
  readonly quiet: boolean
}

/** One file for a person: the conclusion, stage by stage, what changed, who wrote it, what is wrong with it, since when, and what to do. */
export function traceText(trace: FileTrace, { style, quiet }: TraceTextOptions): string {
  const { path, report, commits } = trace
  const { outcome } = report
  const paint = { broken: style.bad, undecided: style.doubtful, clean: style.good }[outcome]
  const steps = nextSteps(report)
  const shown = quiet ? report.findings.filter(({ severity }) => severity === 'error') : report.findings
  const sections = [
    [`${paint(outcome.toUpperCase())}  ${style.strong(visible(path))}`, ...wrap(style, visible(fileConclusion(trace)))],
    stageTable(trace, style),
    ...(quiet ? [] : told(trace, style)),
    ...shown.map(finding => findingBlock({ findings: [withoutHunks(finding)] }, report, style, bounds)),
    ...(quiet ? [] : [commits === null ? [] : commitLines(commits, report, style), remarkLines(trace, style)]),
    steps.length === 0 ? [] : [style.strong('What to do'), ...steps.flatMap(step => bullet(step, style))],
  ]
  const filled = sections.filter(lines => lines.length > 0)
  return disarm(`${filled.map(lines => lines.join('\n')).join('\n\n')}\n`)
}

/** Who judged, what changed from stage to stage, and which layers wrote it. */
function told(trace: FileTrace, style: Style): string[][] {
  const { report, stages } = trace
  return [
    interpreterLines({ ...report, mappings: [] }, style),
    ...stages.map(stage => changeLines(stage, style)),
    ...stages.map(stage => layerLines(stage, trace, style)),
  ]
}

function remarkLines({ report, commits }: FileTrace, style: Style): string[] {
  const remarks = [...unseenStages(report), ...report.remarks, ...(commits?.remarks ?? [])]
  return remarks.length === 0
    ? []
    : [style.strong('Remarks'), ...remarks.flatMap(remark => bullet(visible(remark), style))]
}

/** The difference is shown already. */
function withoutHunks(finding: Finding): Finding {
  const { changeDetail: detail, ...evidence } = finding.evidence
  if (detail === undefined) return finding
  return { ...finding, evidence: { ...evidence, changeDetail: { ...detail, hunks: [] } } }
}

function changeLines({ stage, change }: TracedStage, style: Style): string[] {
  if (change === null) return []
  const { since, kind, and, says, hunks } = change
  const kinds = [kind, ...(and === null ? [] : [and])].join(' and ')
  return [
    ...wrap(
      style,
      `${style.strong(visible(`${since} to ${stage.name}`))}  ${style.doubtful(kinds)}: ${visible(says)}`,
      '',
      '  ',
    ),
    ...hunkLines(hunks, style).map(line => `  ${line}`),
  ]
}

/** What each layer did to the file, lowest first; in columns, with the instruction last. */
function layerLines({ stage, layers }: TracedStage, { report }: FileTrace, style: Style): string[] {
  if (layers === null || layers.writes.length === 0) return []
  const rows = layers.writes.map(write => [
    `layer ${write.index}`,
    digestText(write),
    write.verdict ?? '',
    created(write),
  ])
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map(row => row[column]!.length)))
  return [
    `${style.strong(visible(`/${layers.path}`))} in the layers of ${visible(stageTitle(report, stage.name))}`,
    ...rows.map(row => `  ${row.map((text, column) => text.padEnd(widths[column]!)).join('   ')}`.trimEnd()),
  ]
}

function digestText({ kind, sha256, asBefore }: LayerRecord): string {
  if (sha256 === null) return kind
  return `${asBefore ? '= ' : ''}${short(sha256)}`
}

/** Longer instructions are cut. Characters. */
const widest = 70

function created({ createdBy }: LayerRecord): string {
  const text = visible(createdBy ?? 'its instruction is not recorded')
  return text.length > widest ? `${text.slice(0, widest)}…` : text
}
