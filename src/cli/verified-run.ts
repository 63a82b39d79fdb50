import type { Command } from 'commander'
import type { Report } from '../model/report.ts'
import { verify } from '../verify.ts'
import { formatsOption } from './formats.ts'
import type { ExitCode, Io } from './io.ts'
import { preparedRun } from './prepared-run.ts'
import type { VerifyOptions } from './verify-options.ts'

/**
 * Verifies what the options of a command ask for, and reports as they say.
 *
 * @throws VerifierError for what cannot be opened or read, and reports that cannot be written.
 */
export function verifiedRun(command: Command, io: Io): Promise<ExitCode> {
  return preparedRun(command, io, async ({ plan, options }, quiet) => {
    const write = formatsOption(options, io)
    const report = await verify(plan)
    quiet()
    const exitCode = exitCodeOf(report, options)
    await write(report, { exitCode, sourceDirectory: plan.sourceDirectory, log: plan.log })
    return exitCode
  })
}

/** The format never changes it. */
export function exitCodeOf({ outcome, findings }: Report, { failOn }: Pick<VerifyOptions, 'failOn'>): ExitCode {
  const warned = failOn === 'warning' && findings.some(({ severity }) => severity === 'warning')
  if (outcome === 'broken' || warned) return 1
  return outcome === 'clean' ? 0 : 2
}
