import { alignFiles, type Files } from './flow/align-files.ts'
import { commitsOfLines } from './flow/commits-of-lines.ts'
import { type FoundFile, findFile, type WantedFile } from './flow/find-file.ts'
import { fileContents, followFile } from './flow/follow-file.ts'
import { outcomeOf } from './flow/outcome.ts'
import { readStages } from './flow/read-stages.ts'
import { openJudge } from './interpreters/judge.ts'
import { openVerdictCache } from './interpreters/verdict-cache.ts'
import type { FileTrace } from './model/file-trace.ts'
import type { Finding } from './model/finding.ts'
import type { LineHistory } from './model/line-history.ts'
import type { Path } from './model/path.ts'
import type { Report } from './model/report.ts'
import type { Plan } from './plan.ts'
import { examine, reportOf } from './verify.ts'

/**
 * Follows one file as `verify` follows all, and shows it at each stage. Every stage is read through once, to know which paths
 * are the file; from then on nothing else is read, judged or looked into. `--exclude` does not keep a file out that is asked for.
 *
 * @throws VerifierError as `verify` does, and when no stage holds the file.
 */
export async function traceFile(asked: Plan, wanted: WantedFile, lines: LineHistory): Promise<FileTrace> {
  const plan = { ...asked, isExcluded: () => false }
  await using cache = openVerdictCache({ directory: plan.cacheDirectory, log: plan.log })
  await using judges = openJudge(plan)
  const stages = await readStages(plan)
  const everything = alignFiles(plan, stages)
  const found = findFile(wanted, everything, stages)
  const files = only(found, everything)
  const means = { cache, judges, contents: stages.contents }
  const examined = await examine(plan, { stages, files }, means)
  const { cast, verdicts, causes } = examined
  const whole = reportOf(plan, { ...examined, provenance: [] })
  const { trace } = found
  const report = reportOn(found, whole, [
    ...plan.remarks,
    ...(asked.isExcluded(trace.path) ? ['verify does not judge this file: --exclude keeps it out'] : []),
    ...cast.remarks,
    ...verdicts.remarks,
  ])
  const contents = await fileContents(trace, means)
  const { judged } = causes
  return {
    path: trace.path,
    report,
    stages: await followFile(trace, { stages, files, judged, contents }, means),
    commits: await commitsOfLines(trace, report.findings, { contents, lines, log: plan.log }),
  }
}

/** As if there were no other files; where they stand is learned from all of them. */
function only({ trace, isApart, around }: FoundFile, files: Files): Files {
  return { ...files, traces: isApart ? [] : [trace, ...around], installed: isApart ? [trace] : [] }
}

/**
 * What is said of one file, and what keeps anything from being said of it. That a file of nobody's source breaks is an error as well,
 * as it was asked for; that it is there is none.
 */
function reportOn({ trace, isApart }: FoundFile, report: Report, remarks: readonly string[]): Report {
  const about = report.findings.filter(finding => isAbout(trace.path, finding))
  const findings = about.map(finding =>
    isApart && finding.firstBreak !== null ? { ...finding, severity: 'error' as const } : finding,
  )
  return { ...report, findings, outcome: outcomeOf(findings), remarks }
}

function isAbout(path: Path, { code, path: about, evidence: { paths = [], collision } }: Finding): boolean {
  const isCounted = about === path || paths.includes(path) || collision?.paths.some(each => each.path === path) === true
  return isCounted || (code === 'undecided' && about === null)
}
