import { availableParallelism } from 'node:os'
import { type Command, Option } from 'commander'
import { VerifierError } from '../../model/errors.ts'
import type { Report } from '../../model/report.ts'
import { visible } from '../../report/visible.ts'
import { verify } from '../../verify.ts'
import { handOver } from '../hand-over.ts'
import type { ExitCode, Io } from '../io.ts'
import { preparedRun } from '../prepared-run.ts'
import { exitCodeOf, reportWriters } from '../verify-command.ts'
import { addVerifyOptions, type VerifyOptions } from '../verify-options.ts'
import { deploymentOf } from './deployment.ts'
import { gateOptions } from './gated-options.ts'

interface GateOptions extends VerifyOptions {
  readonly onUndecided: 'stop' | 'allow'
}

/** `firstbreak gate -- CMD`: verifies what CMD sends, runs it if that is clean; tells `ended` CMD's exit code, or verify's. */
export function gateCommand(program: Command, io: Io, ended: (code: number) => void): void {
  const command = program
    .command('gate')
    .description('verify what a command of gcloud sends, and run the command only if nothing of it is broken')
    .usage('[options] -- <command> [arguments...]')
    .argument('<command...>', 'what to run: gcloud run deploy …, or any other')
    .addOption(
      new Option('--on-undecided <what>', 'what becomes of the command where something could not be told')
        .choices(['stop', 'allow'])
        .default('stop'),
    )
  addVerifyOptions(command, availableParallelism()).passThroughOptions().addHelpText('after', afterHelp)
  command.action(async (words: readonly string[]) => {
    const { onUndecided } = command.opts<GateOptions>()
    const code = await verified(words, command, io)
    const isOpen = code === 0 || (code === 2 && onUndecided === 'allow')
    const shown = visible(words.slice(0, 3).join(' '))
    io.err.write(`firstbreak: ${isOpen ? 'running' : 'not run:'} ${shown}${words.length > 3 ? ' …' : ''}\n`)
    io.signal.throwIfAborted()
    ended(isOpen ? await handOver(words, io) : code)
  })
}

/** The report goes to stderr: stdout is the command's. */
async function verified(words: readonly string[], command: Command, io: Io): Promise<ExitCode> {
  const deployment = deploymentOf(words)
  if (deployment !== null) await gateOptions(deployment, command, io)
  else io.err.write('firstbreak: what this command sends is not known here; what the options name is verified\n')
  let code: ExitCode = 2
  await preparedRun(command, io, async ({ plan, options }, quiet) => {
    const report = await verify(plan)
    quiet()
    await print(report, options, io)
    code = exitCodeOf(report, options)
  })
  return code
}
