import { availableParallelism } from 'node:os'
import { type Command, Option } from 'commander'
import { visible } from '../../report/visible.ts'
import { handOver } from '../hand-over.ts'
import type { ExitCode, Io } from '../io.ts'
import { verifiedRun } from '../verified-run.ts'
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
  if (deployment === null) io.err.write(unknown)
  else await gateOptions(deployment, command, io)
  const code = await verifiedRun(command, { ...io, out: io.err })
  const beside = deployment?.beside ?? []
  for (const image of beside) io.err.write(`firstbreak: ${visible(image)} runs beside it, and was not looked at\n`)
  return code === 0 && beside.length > 0 ? 2 : code
}

const unknown =
  'firstbreak: what this command sends is not known here; what the options and the project say is verified\n'

const afterHelp = `
What is verified is what the command sends, as its own --source, --image,
--config and the like say, for gcloud builds submit, run deploy, run jobs
deploy, run worker-pools deploy, functions deploy and app deploy; options that
say otherwise are refused. For any other command it is what the options of
verify say. The report goes to stderr; stdin, stdout and signals are the
command's.

Exit codes:
  the command's own, where it was run
  1  something is broken, and the command was not run
  2  could not tell, and the command was not run, unless --on-undecided allow is
     given

Examples:
  $ firstbreak gate -- gcloud run deploy api --source . --region europe-west1
  $ firstbreak gate --deploy-python 3.11 -- gcloud builds submit services/api
  $ firstbreak gate --format sarif=firstbreak.sarif -- make deploy`
