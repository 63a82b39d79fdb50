import { Command, CommanderError, Help, type Option } from 'commander'
import { VerifierError } from '../model/errors.ts'
import { visible } from '../report/visible.ts'
import { version } from '../version.ts'
import { autopsyCommand } from './autopsy/autopsy-command.ts'
import { cacheCommand } from './cache-command.ts'
import { doctorCommand } from './doctor-command.ts'
import { explainCommand } from './explain/explain-command.ts'
import { gateCommand } from './gate/gate-command.ts'
import { hookCommand } from './hook/hook-command.ts'
import { Interruption } from './interruption.ts'
import type { ExitCode, Io, Sink } from './io.ts'
import { sealCommand } from './seal/seal-command.ts'
import { traceCommand } from './trace/trace-command.ts'
import { uploadCommand } from './upload-command.ts'
import { verifyCommand } from './verify-command.ts'

/** Runs one command line (without the program's own name) and tells how it ended; throws nothing. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  let exitCode = 0
  const program = new Command('firstbreak')
    .description('Follows every Python file from the commit to the image, and finds where it first breaks.')
    .version(version)
    .exitOverride()
    .configureHelp({ optionDescription })
    .configureOutput({
      writeOut: io.out.write,
      writeErr: io.err.write,
      outputError,
      getOutHelpWidth: () => helpWidth(io.out),
      getErrHelpWidth: () => helpWidth(io.err),
    })
    .addHelpText(
      'after',
      '\nfirstbreak verify --help lists the options; they can be given without a command,\nas firstbreak --deploy-python 3.11.',
    )
    .enablePositionalOptions()
  const ended = (code: number) => {
    exitCode = code
  }
  verifyCommand(program, io, ended)
  gateCommand(program, io, ended)
  sealCommand(program, io, ended)
  traceCommand(program, io, ended)
  uploadCommand(program, io, ended)
  autopsyCommand(program, io, ended)
  hookCommand(program, io, ended)
  doctorCommand(program, io, ended)
  cacheCommand(program, io)
  explainCommand(program, io)
  tellOfHelp(program)
  try {
    await program.parseAsync(argv, { from: 'user' })
    return exitCode
  } catch (error) {
    return failed(error, io)
  }
}

/** Has a wrong word on the command line answered with where the right ones are listed. */
function tellOfHelp(command: Command, before = ''): void {
  const words = `${before}${command.name()}`
  command.showHelpAfterError(`(${words} --help lists what there is)`)
  for (const each of command.commands) tellOfHelp(each, `${words} `)
}

/** Columns. */
function helpWidth({ columns }: Sink): number {
  return Math.min(columns ?? 80, 100)
}

/** Without the defaults that say nothing: that an option is not given, or not once. */
function optionDescription(option: Option): string {
  return new Help().optionDescription(option).replace(/ \(default: (?:false|\[\])\)$/, '')
}

/** What Commander says of the command line, which has words of that in it, and in lines of its own what to do. */
function outputError(text: string, write: (text: string) => void): void {
  write(`${text.trimEnd().split('\n').map(visible).join('\n')}\n`)
}

/** What stopped the run, in one line; a failure that nobody foresaw is called a bug of this program. */
function failed(error: unknown, { err }: Io): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (error instanceof VerifierError || error instanceof Interruption)
    err.write(`firstbreak: ${visible(error.message)}\n`)
  else err.write(`firstbreak: a bug in firstbreak itself, please report it: ${visible(String(error))}\n`)
  return 2
}
