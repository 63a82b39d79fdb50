import { availableParallelism } from 'node:os'
import type { Command } from 'commander'
import { VerifierError } from '../model/errors.ts'
import type { Report } from '../model/report.ts'
import { visible } from '../report/visible.ts'
import { verify } from '../verify.ts'
import { formatsOption } from './formats.ts'
import type { ExitCode, Io } from './io.ts'
import { preparePlan } from './plan.ts'
import { progressLine } from './progress-line.ts'
import { openScratch } from './scratch.ts'
import { addVerify, type VerifyOptions } from './verify-options.ts'

/** `firstbreak verify`: parses, verifies, prints; tells `ended` the exit code. */
export function verifyCommand(program: Command, io: Io, ended: (code: ExitCode) => void): void {
  const command = addVerify(program, availableParallelism())
  command.action(async () => {
    // As the default command it is given whatever is no command at all.
    const [stray] = command.args
    if (stray !== undefined) throw new VerifierError('bad-usage', `there is no command ${stray}; see firstbreak --help`)
    const progress = progressLine(io.err)
    const log = (line: string) => {
      progress.clear()
      io.err.write(`firstbreak: ${visible(line)}\n`)
    }
    try {
      await using scratch = openScratch(io)
      const { plan, options } = await preparePlan(command, io, { progress: progress.show, log, scratch })
      const write = formatsOption(options, io)
      const report = await verify(plan)
      progress.clear()
      const exitCode = exitCodeOf(report, options)
      await write(report, { exitCode, sourceDirectory: plan.sourceDirectory, log })
      ended(exitCode)
    } finally {
      progress.clear()
    }
  })
}

/** The format never changes it. */
function exitCodeOf({ outcome, findings }: Report, { failOn }: VerifyOptions): ExitCode {
  const warned = failOn === 'warning' && findings.some(({ severity }) => severity === 'warning')
  if (outcome === 'broken' || warned) return 1
  return outcome === 'clean' ? 0 : 2
}
