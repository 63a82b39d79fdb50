import { type Command, Option } from 'commander'
import { cacheState } from '../interpreters/cache-state.ts'
import { homeFolder } from '../interpreters/environment.ts'
import { surveyInterpreters } from '../interpreters/find-interpreters.ts'
import type { Machine, Tool } from '../model/machine.ts'
import { canVerify, doctorJson, doctorText } from '../report/doctor.ts'
import { openRepository, type Repository } from '../sources/git/repository.ts'
import { containerEngine, gcloudVersion, gitVersion } from '../sources/tool-versions.ts'
import { cacheDirectory } from './cache-directory.ts'
import { findGcloud } from './gcloud.ts'
import { hookState } from './hook/hook-state.ts'
import type { ExitCode, Io } from './io.ts'
import { nativeSearch } from './native-search.ts'
import { sinkStyle } from './sink-style.ts'

interface DoctorOptions {
  readonly format: 'text' | 'json'
  readonly interpreters: 'auto' | 'native' | 'embedded'
  readonly color: boolean
}

/** `firstbreak doctor`: looks around, prints; tells `ended` 0 when verify could work here, else 2. */
export function doctorCommand(program: Command, io: Io, ended: (code: ExitCode) => void): void {
  program
    .command('doctor')
    .description('what it found here: git, interpreters, container engine, gcloud, pre-push hook, cache')
    .addOption(new Option('--format <format>', 'how to report').choices(['text', 'json']).default('text'))
    .addOption(
      new Option('--interpreters <where>', 'where interpreters may come from')
        .choices(['auto', 'native', 'embedded'])
        .default('auto'),
    )
    .option('--no-color', 'no colours (NO_COLOR and FORCE_COLOR are honoured as well)')
    .addHelpText('after', '\nExit codes:\n  0  verify can work here\n  2  git is missing, or every interpreter')
    .allowExcessArguments(false)
    .action(async (options: DoctorOptions) => {
      const machine = await lookAround(options, io)
      const style = sinkStyle(io.out, options.color, io)
      io.out.write(options.format === 'json' ? doctorJson(machine) : doctorText(machine, style))
      ended(canVerify(machine) ? 0 : 2)
    })
}

async function lookAround({ interpreters: allow }: DoctorOptions, io: Io): Promise<Machine> {
  const { environment, cwd } = io
  // Where there is none, there is no `.venv` either, and nothing else here needs one.
  const repository = await openRepository(cwd).catch(() => null)
  const search = nativeSearch(io, repository, cacheDirectory(undefined, io))
  const [{ found, leftOut }, git, engine, gcloud, hook] = await Promise.all([
    surveyInterpreters({ ...search, allow }),
    gitVersion(),
    containerEngine(environment),
    lookForGcloud(io, repository),
    repository && hookState(repository),
  ])
  const cache = search.cacheDirectory === null ? null : await cacheState(search.cacheDirectory)
  const home = homeFolder(environment) ?? null
  return { git, interpreters: found, leftOut, containerEngine: engine, gcloud, hook, cache, home }
}

async function lookForGcloud(io: Io, repository: Repository | null): Promise<Tool> {
  const found = await findGcloud(io, repository)
  return 'absent' in found ? found : gcloudVersion(found.program)
}
