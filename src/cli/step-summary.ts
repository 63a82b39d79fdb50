import { appendFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { quoted } from '../model/quoted.ts'
import type { Report } from '../model/report.ts'
import { markdownSummary } from '../report/github/markdown-summary.ts'
import type { Io } from './io.ts'

/** GitHub refuses the summary of a step that is larger. Bytes. */
const mostBytes = 1024 ** 2

/** Adds a summary to what the step has in the file that `GITHUB_STEP_SUMMARY` names, as far as there is room; else says why not. */
export async function appendStepSummary(
  report: Report,
  { environment, cwd }: Pick<Io, 'environment' | 'cwd'>,
  log: (line: string) => void,
): Promise<void> {
  const named = environment.GITHUB_STEP_SUMMARY ?? ''
  if (named === '') return
  const file = resolve(cwd, named)
  try {
    const taken = await stat(file).then(
      ({ size }) => size,
      () => 0, // the first to write makes it
    )
    const summary = markdownSummary(report, mostBytes - taken - 1)
    if (summary === '') log(`the step's summary has no room left for that of this report: ${quoted(file)}`)
    else await appendFile(file, `${taken === 0 ? '' : '\n'}${summary}`)
  } catch (cause) {
    log(`cannot write the summary to ${quoted(file)}, as GITHUB_STEP_SUMMARY says: ${(cause as Error).message}`)
  }
}
