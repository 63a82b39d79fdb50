import { type Command, Option } from 'commander'
import type { RangePart } from '../../flow/cast-deciders.ts'
import { VerifierError } from '../../model/errors.ts'
import { quoted } from '../../model/quoted.ts'
import { cacheDirOption } from '../verify-options.ts'

/** What `firstbreak hook pre-push` was told, by the command line or by `[tool.firstbreak]` of what is pushed. */
export interface PrePushOptions {
  readonly source?: string
  readonly dockerfile?: string
  readonly buildConfig?: string
  /** By `[tool.firstbreak]` alone: who builds what is pushed. */
  readonly uploadAs?: string
  readonly deployPython?: string
  readonly range: RangePart
  readonly interpreters: 'auto' | 'native' | 'embedded'
  readonly exclude: readonly string[]
  readonly onUndecided: 'stop' | 'allow'
  readonly cache: boolean
  readonly cacheDir?: string
  readonly jobs: string
  readonly color: boolean
}

const choices = {
  range: ['oldest', 'all'],
  onUndecided: ['stop', 'allow'],
  interpreters: ['auto', 'native', 'embedded'],
}

/** Adds pre-push to `firstbreak hook`; `cores` is what `--jobs` is when nobody says. */
export function addPrePush(hook: Command, cores: number): Command {
  return hook
    .command('pre-push')
    .description('what the hook runs: reads from git what is pushed, and stops what does not compile')
    .argument('[remote]', 'as git names it')
    .argument('[url]', 'where it is')
    .option('--source <dir>', "what is deployed, relative to the repository (default: the repository's root)")
    .option('--dockerfile <file>', 'which Python runs it (default: Dockerfile in the source, if there is one)')
    .option('--build-config <file>', 'what describes the build on Cloud Build (default: cloudbuild.yaml in the source)')
    .option('--deploy-python <version>', 'the Python that will run it (default: what the pushed commit says)')
    .addOption(
      new Option('--range <oldest|all>', 'what of the supported Pythons (requires-python) must take it as well')
        .choices(choices.range)
        .default('oldest'),
    )
    .addOption(
      new Option('--interpreters <where>', 'where interpreters may come from')
        .choices(choices.interpreters)
        .default('auto'),
    )
    .option('--exclude <glob>', 'files not to judge; repeatable', (value, before: string[]) => [...before, value], [])
    .addOption(
      new Option('--on-undecided <stop|allow>', 'what becomes of a push about which nobody can tell')
        .choices(choices.onUndecided)
        .default('stop'),
    )
    .option('--no-cache', 'remember no verdicts, and use no remembered ones')
    .addOption(cacheDirOption())
    .option('--jobs <n>', 'interpreters at work at once', String(cores))
    .option('--no-color', 'no colours (NO_COLOR and FORCE_COLOR are honoured as well)')
    .addHelpText('after', afterHelp)
}

const afterHelp = `
Every option but --cache-dir can stand in [tool.firstbreak] of pyproject.toml,
as it is in the commit that is pushed. All it has to say goes to stderr.

Exit codes:
  0  git may push: each Python file that the push changes compiles, or none is
     changed
  1  git stops: something does not compile
  2  git stops: could not tell, unless --on-undecided allow`

/** What a project may set is held to the same words as the command line. @throws VerifierError */
export function assertChoices(options: PrePushOptions): void {
  for (const [key, known] of Object.entries(choices)) {
    const value = options[key as keyof typeof choices]
    if (known.includes(value)) continue
    const name = key.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
    throw new VerifierError('bad-usage', `[tool.firstbreak] ${name} ${quoted(value)}: write ${known.join(' or ')}`)
  }
}
