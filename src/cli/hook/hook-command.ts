import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { VerifierError } from '../../model/errors.ts'
import { pushAnyway } from '../../report/push-text.ts'
import { visible } from '../../report/visible.ts'
import { openRepository } from '../../sources/git/repository.ts'
import type { ExitCode, Io } from '../io.ts'
import { progressLine } from '../progress-line.ts'
import { repoOption } from '../verify-options.ts'
import { type InstallOptions, installHook, snippet } from './install.ts'
import { prePush } from './pre-push.ts'
import { addPrePush, type PrePushOptions } from './pre-push-options.ts'
import { readPush } from './pushed-refs.ts'
import { uninstallHook } from './uninstall.ts'

/** `firstbreak hook install`, `uninstall` and `pre-push`; tells `ended` the exit code. */
export function hookCommand(program: Command, io: Io, ended: (code: ExitCode) => void): void {
  const hook = program
    .command('hook')
    .description('a git hook that stops a push of what does not compile where it will run')
  placeCommands(hook, io)
  prePushCommand(hook, io, ended)
}

function placeCommands(hook: Command, io: Io): void {
  const repository = ({ repo = '.' }: { readonly repo?: string }) => openRepository(resolve(io.cwd, repo))
  const say = async (work: Promise<string>) => io.out.write(`firstbreak: ${visible(await work.catch(refused))}\n`)
  hook
    .command('install')
    .description('write the hook; one that is there already is run after it')
    .addOption(repoOption())
    .option('--shared', 'also into a folder outside the repository, as a global core.hooksPath names', false)
    .addOption(ifMissingOption())
    .addHelpText('after', installHelp)
    .action(async (options: InstallOptions & { readonly repo?: string }) =>
      say(repository(options).then(opened => installHook(opened, options))),
    )
  hook
    .command('uninstall')
    .description('take the hook away, and put back what was there')
    .addOption(repoOption())
    .action(async (options: { readonly repo?: string }) => say(repository(options).then(uninstallHook)))
  hook
    .command('snippet')
    .description('what to add to a hook that is kept by hand')
    .option('--lefthook', 'for lefthook.yml, instead of a shell script', false)
    .addOption(ifMissingOption())
    .action(
      ({ lefthook, ifMissing }: { readonly lefthook: boolean; readonly ifMissing: InstallOptions['ifMissing'] }) =>
        io.out.write(snippet(lefthook ? 'lefthook' : 'script', ifMissing)),
    )
}

/** @throws VerifierError for what the disk does not allow. */
function refused(cause: NodeJS.ErrnoException): never {
  if (cause.syscall === undefined) throw cause
  throw new VerifierError('bad-usage', `the hooks cannot be changed: ${cause.message}`, { cause })
}

function ifMissingOption(): Option {
  return new Option('--if-missing <stop|pass>', 'what the hook does where it finds no firstbreak')
    .choices(['stop', 'pass'])
    .default('stop')
}

const installHelp = `
Where git looks for hooks decides (core.hooksPath as well; linked working trees
share the hooks of their repository). With husky it goes to the front of
.husky/pre-push, with lefthook into lefthook-local.yml. A hook that is tracked
by git, or a lefthook-local.yml that is there already, is not changed: it says
what to add.`

function prePushCommand(hook: Command, io: Io, ended: (code: ExitCode) => void): void {
  const command = addPrePush(hook, availableParallelism())
  command.action(async (...args: readonly (string | undefined)[]) => {
    const line = progressLine(io.err)
    const log = (text: string) => {
      line.clear()
      io.err.write(`firstbreak: ${visible(text)}\n`)
    }
    try {
      // Read before anything can fail: git waits for whoever does not.
      const push = await readPush(io, args)
      ended(await prePush(push, command, { io, line, log }))
    } catch (error) {
      line.clear()
      if (!(error instanceof VerifierError)) throw error
      log(error.message)
      const isAllowed = command.opts<PrePushOptions>().onUndecided === 'allow' && error.code !== 'bad-usage'
      io.err.write(`firstbreak: could not tell whether what is pushed compiles. ${isAllowed ? '' : pushAnyway}\n`)
      ended(isAllowed ? 0 : 2)
    } finally {
      line.clear()
    }
  })
}
