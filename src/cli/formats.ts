import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { VerifierError } from '../model/errors.ts'
import { quoted } from '../model/quoted.ts'
import type { Report } from '../model/report.ts'
import { type FormatName, isFormatName, type Rendering, type Reporter, reporters } from '../report/reporters.ts'
import { colourStyle, plainStyle } from '../report/style.ts'
import { hasColours } from './colours.ts'
import type { Io } from './io.ts'
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

interface Target {
  readonly name: FormatName
  /** Absolute; null for standard output. */
  readonly file: string | null
}

/**
 * Of `--format`, which may be given several times: `text` when it is not given at all.
 *
 * @throws VerifierError for a format that there is not, and for two that go to one file.
 */
export function formatsOption(options: FormatOptions, io: Io): ReportWriter {
  const given = options.format.length === 0 ? ['text'] : options.format
  const targets = given.map(each => parseTarget(each, io.cwd))
  assertApart(targets)
  return async (report, { log, ...ran }) => {
    for (const { name, file } of targets) {
      const style = file === null && hasColours(options.color, io) ? colourStyle : plainStyle
      const { quiet, verbose } = options
      const rendering = { style, quiet, verbose, ...ran, repositoryUri: repositoryUri(io.environment) }
      const render: Reporter = reporters[name]
      const rendered = render(report, rendering)
      if (file === null) io.out.write(rendered)
      else await save(file, rendered)
      if (name === 'github') await appendStepSummary(report, io, log)
    }
  }
}

/** `json` or `json=report.json`. */
function parseTarget(target: string, cwd: string): Target {
  const [name = '', ...rest] = target.split('=')
  const file = rest.length === 0 ? null : rest.join('=')
  if (isFormatName(name) && file !== '') return { name, file: file === null ? null : resolve(cwd, file) }
  const names = Object.keys(reporters)
  throw new VerifierError(
    'bad-usage',
    `--format ${target}: write ${names.slice(0, -1).join(', ')} or ${names.at(-1)}, or with a file, as json=FILE`,
  )
}

function assertApart(targets: readonly Target[]): void {
  const files = targets.flatMap(({ file }) => file ?? [])
  const twice = files.find((file, i) => files.indexOf(file) < i)
  if (twice === undefined) return
  throw new VerifierError(
    'bad-usage',
    `--format: two reports would go to ${quoted(twice)}; name another file for one of them`,
  )
}

async function save(file: string, rendered: string): Promise<void> {
  try {
    await writeFile(file, rendered)
  } catch (cause) {
    throw new VerifierError('bad-usage', `cannot write the report to ${file}: ${(cause as Error).message}`, { cause })
  }
}
