import { availableParallelism } from 'node:os'
import type { Command } from 'commander'
import { VerifierError } from '../model/errors.ts'
import type { Report } from '../model/report.ts'
import { json } from '../report/json.ts'
import { text } from '../report/text.ts'
import { verify } from '../verify.ts'
import type { ExitCode, Io } from './io.ts'
import { preparedRun } from './prepared-run.ts'
import { reportFormats } from './report-formats.ts'
import { addVerify, type VerifyOptions } from './verify-options.ts'

/** `firstbreak verify`: parses, verifies, prints; tells `ended` the exit code. */
export function verifyCommand(program: Command, io: Io, ended: (code: ExitCode) => void): void {
  const command = addVerify(program, availableParallelism())
  command.action(async () => {
    // As the default command it is given whatever is no command at all.
    const [stray] = command.args
    if (stray !== undefined) throw new VerifierError('bad-usage', `there is no command ${stray}; see firstbreak --help`)
    await preparedRun(command, io, async ({ plan, options }, quiet) => {
      const { verbose, quiet: terse } = options
      const formats = reportFormats<Report>(
        options,
        { text: (report, style) => text(report, { style, verbose, quiet: terse }), json },
        io,
      )
      const report = await verify(plan)
      quiet()
      for (const write of formats) await write(report)
      ended(exitCodeOf(report, options))
    })
  })
}

/** The format never changes it. */
export function exitCodeOf({ outcome, findings }: Report, { failOn }: Pick<VerifyOptions, 'failOn'>): ExitCode {
  const warned = failOn === 'warning' && findings.some(({ severity }) => severity === 'warning')
  if (outcome === 'broken' || warned) return 1
  return outcome === 'clean' ? 0 : 2
}
