import type { Report } from '../model/report.ts'
import { type FormatName, type Rendering, type Reporter, reporters } from '../report/reporters.ts'
import type { Io } from './io.ts'
import { formatTargets, styleFor, writeTo } from './report-formats.ts'
import { repositoryUri } from './repository-uri.ts'
import { appendStepSummary } from './step-summary.ts'
import type { VerifyOptions } from './verify-options.ts'

/** What the options say of how to report. */
export type FormatOptions = Pick<VerifyOptions, 'format' | 'quiet' | 'verbose' | 'color'>

/** What only the run that is reported can say. */
type Ran = Pick<Rendering, 'exitCode' | 'sourceDirectory'> & {
  /** Told what keeps a summary from being written, which is no failure. */
  readonly log: (line: string) => void
}

/** Writes a report in every format that was asked for. @throws VerifierError for a file that cannot be written. */
export type ReportWriter = (report: Report, ran: Ran) => Promise<void>

/**
 * Of `--format`, which may be given several times: `text` when it is not given at all.
 *
 * @throws VerifierError for a format that there is not, and for two that go to one file.
 */
export function formatsOption(options: FormatOptions, io: Io): ReportWriter {
  const targets = formatTargets(options.format, Object.keys(reporters) as FormatName[], io)
  return async (report, { log, ...ran }) => {
    for (const target of targets) {
      const { quiet, verbose } = options
      const style = styleFor(target, options, io)
      const rendering = { style, quiet, verbose, ...ran, repositoryUri: repositoryUri(io.environment) }
      const render: Reporter = reporters[target.name]
      await writeTo(target, render(report, rendering), io)
      if (target.name === 'github') await appendStepSummary(report, io, log)
    }
  }
}
