import { writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join, relative, resolve, sep } from 'node:path'
import type { Command } from 'commander'
import { VerifierError } from '../../model/errors.ts'
import { joinPath, parsePath } from '../../model/path.ts'
import { quoted } from '../../model/quoted.ts'
import { sealStatement } from '../../report/seal-statement.ts'
import { visible } from '../../report/visible.ts'
import { count } from '../../report/words.ts'
import { seal } from '../../seal.ts'
import { formatsOption } from '../formats.ts'
import type { ExitCode, Io } from '../io.ts'
import type { Prepared } from '../plan.ts'
import { preparedRun } from '../prepared-run.ts'
import { exitCodeOf } from '../verified-run.ts'
import { addVerifyOptions } from '../verify-options.ts'
import { sealCheckCommand } from './seal-check-command.ts'

/** Where a seal is looked for in what is uploaded. */
const usualName = 'firstbreak.seal.json'

/** `firstbreak seal`: verifies and, where that is clean, writes what was verified; tells `ended` the exit code. */
export function sealCommand(program: Command, io: Io, ended: (code: ExitCode) => void): void {
  const command = program
    .command('seal')
    .description(
      'verify, and write what was verified into a file that goes up with it, for where there is no repository',
    )
    .option('--output <file>', `where to write it (default: ${usualName} in the source)`)
  addVerifyOptions(command, availableParallelism()).addHelpText('after', afterHelp).allowExcessArguments(false)
  command.action(async () => {
    const { output } = command.opts<{ output?: string }>()
    await preparedRun(command, io, async (prepared, quiet) => {
      const { plan, options } = prepared
      const file = destination(output, prepared, io)
      const write = formatsOption(options, { ...io, out: io.err })
      const { report, seal: sealed } = await seal(plan)
      quiet()
      const exitCode = exitCodeOf(report, options)
      await write(report, { exitCode, sourceDirectory: plan.sourceDirectory, log: plan.log })
      if (exitCode === 0) await save(file, sealStatement(sealed))
      const files = `${count(sealed.files.length, 'Python file')} of the ${sealed.stage}`
      io.err.write(`firstbreak: ${exitCode === 0 ? `sealed ${files} in ${visible(file)}` : 'not sealed'}\n`)
      ended(exitCode)
    })
  })
  sealCheckCommand(command, io, ended)
}

/** @throws VerifierError where it would not go up with what it speaks of. */
function destination(output: string | undefined, { plan, repository }: Prepared, { cwd }: Io): string {
  if (output === undefined && repository.bare) {
    throw new VerifierError('bad-usage', 'the repository is bare: say with --output where the seal is to go')
  }
  const source = join(repository.directory, plan.sourceDirectory)
  const file = output === undefined ? join(source, usualName) : resolve(cwd, output)
  const inSource = relative(source, file).split(sep).join('/')
  const path = inSource.startsWith('..') ? null : parsePath(inSource)
  const rule = path === null ? null : plan.ignoreRule(joinPath(plan.sourceDirectory, path))
  if (rule === null) return file
  throw new VerifierError(
    'bad-usage',
    `the seal ${quoted(inSource)} would not go up: ${quoted(rule.text)} in ${quoted(rule.file)} keeps it out; name another with --output, or let it pass with !${inSource}`,
  )
}

async function save(file: string, statement: string): Promise<void> {
  await writeFile(file, statement).catch(cause => {
    throw new VerifierError('bad-usage', `cannot write the seal to ${quoted(file)}: ${cause.message}`, { cause })
  })
}

const afterHelp = `
The seal is an in-toto Statement (v1): of each Python file that goes up its
SHA-256 and git blob id, the commit, the interpreters and their verdicts. It
holds no secret and no time, and can be signed as it is. It is written only
where nothing is broken or undecided. The report goes to stderr.

Exit codes are those of firstbreak verify; 0 means that the seal was written.

Examples:
  $ firstbreak seal && gcloud builds submit --config cloudbuild.yaml
  $ firstbreak seal check firstbreak.seal.json --folder /workspace
  $ firstbreak seal check firstbreak.seal.json --image eu.gcr.io/my-project/api`
