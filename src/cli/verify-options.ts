import { type Command, Option } from 'commander'
import { VerifierError } from '../model/errors.ts'
import { quoted } from '../model/quoted.ts'
import type { ProjectOptions } from '../project/project-options.ts'
import { reporters } from '../report/reporters.ts'

/** What `firstbreak verify` was told, by the command line or by `[tool.firstbreak]`. */
export interface VerifyOptions {
  readonly repo?: string
  readonly rev: string
  readonly source?: string
  readonly upload: string
  readonly maxEntries: string
  readonly maxUnpacked: string
  readonly maxRatio: string
  readonly build?: string
  readonly uploadAs: string
  readonly ignoreFile?: string
  readonly image: readonly string[]
  readonly platform?: string
  readonly layers: boolean
  readonly runImage: 'auto' | 'never'
  readonly dockerfile?: string
  readonly buildConfig?: string
  readonly python: readonly string[]
  readonly deployPython?: string
  readonly devPython?: string
  readonly interpreters: 'auto' | 'native' | 'embedded'
  readonly map: readonly string[]
  readonly dependencies: boolean
  readonly exclude: readonly string[]
  readonly format: readonly string[]
  readonly cache: boolean
  readonly cacheDir?: string
  readonly jobs: string
  readonly failOn: 'error' | 'warning'
  readonly quiet: boolean
  readonly verbose: boolean
  readonly color: boolean
}

/** Of an option that may be given several times. */
export const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value]

/** Adds verify to the program, as its default; `cores` is what `--jobs` is when nobody says. */
export function addVerify(program: Command, cores: number): Command {
  const command = program
    .command('verify', { isDefault: true })
    .description('follow every Python file from the commit to the image, find each first break (the default command)')
  return addVerifyOptions(command, cores).addHelpText('after', afterHelp).allowExcessArguments(true)
}

/** Gives a command the options of verify; `formats` are those that it reports in. */
export function addVerifyOptions(
  command: Command,
  cores: number,
  formats: readonly string[] = Object.keys(reporters),
): Command {
  command
    .addOption(repoOption())
    .option('--rev <rev>', 'the commit', 'HEAD')
    .addOption(sourceOption())
    .option(
      '--upload <auto|none|file>',
      'the source archive: predicted, not looked at, or a .tgz, .tar.gz, .tar or .zip, also gs://bucket/object[#generation]',
      'auto',
    )
  addWhatIsRead(command)
    .addOption(formatOption(formats))
    .addOption(
      new Option('--fail-on <severity>', 'the least that exits 1').choices(['error', 'warning']).default('error'),
    )
  return addHowItRuns(command, cores)
}

/** Options that say what of the upload and the image is read, and which interpreters judge it. */
export function addWhatIsRead(command: Command): Command {
  return command
    .option(
      '--build <file>',
      'what gcloud builds describe --format=json printed, to hold archive, image and commit against',
    )
    .addOption(uploadAsOption())
    .addOption(ignoreFileOption())
    .option(
      '--image <[name=]image>',
      'a docker save tar, an OCI layout (folder or tar), the tar of a root filesystem, or an image or container:name that the container engine holds; repeatable',
      collect,
      [],
    )
    .option('--platform <os/arch[/variant]>', "which image of several for several platforms (default: this machine's)")
    .option(
      '--layers',
      'read every layer of an image that an engine holds, where else only the folders of the source are asked for',
      false,
    )
    .addOption(
      new Option('--run-image <when>', "whether an image's own Python is run, where an engine holds the image")
        .choices(['auto', 'never'])
        .default('auto'),
    )
    .option(
      '--dockerfile <file>',
      'the Dockerfile that says which Python runs what is shipped (default: Dockerfile in the source)',
    )
    .option(
      '--build-config <file>',
      'the description of the build on Cloud Build (default: cloudbuild.yaml in the source)',
    )
    .option('--python <list>', 'more interpreters: 3.11, 3.11.7, all, or a path to one; repeatable', collect, [])
    .option(
      '--deploy-python <version>',
      'the Python that will run it (default: told by the image, then the Dockerfile or another file)',
    )
    .option(
      '--dev-python <version>',
      'the Python it was written with (default: what the project says, as .python-version, then python3 on PATH)',
    )
    .addOption(
      new Option('--interpreters <where>', 'where interpreters may come from')
        .choices(['auto', 'native', 'embedded'])
        .default('auto'),
    )
    .option(
      '--map <image_dir=source_dir>',
      'where the image keeps the source (default: learned); repeatable',
      collect,
      [],
    )
    .option('--dependencies', 'judge what is installed in the images as well, as warnings', false)
    .option('--exclude <glob>', 'files not to judge; repeatable', collect, [])
    .option('--max-entries <n>', 'the most entries that an archive or a layer of an image may hold', '1000000')
    .option('--max-unpacked <size>', 'the most that an archive may unpack to, as 500MB or 8GiB', '8GiB')
    .option(
      '--max-ratio <n>',
      'the most times its size that an archive or a layer may unpack to, from 100 MiB on',
      '1000',
    )
}

/** How and where to report; given once for each format. */
export function formatOption(formats: readonly string[]): Option {
  return new Option(
    '--format <name[=file]>',
    `how to report, and where to: ${formats.join(', ')}; repeatable (default: text)`,
  )
    .argParser(collect)
    .default([])
}

/** Options that say how a run works and how it prints. */
export function addHowItRuns(command: Command, cores: number): Command {
  return command
    .option('--no-cache', 'remember no verdicts, and use no remembered ones')
    .addOption(cacheDirOption())
    .addOption(new Option('--jobs <n>', 'interpreters at work at once').default(String(cores), 'one for each core'))
    .option('--quiet', 'only what is broken and what to do', false)
    .option('--verbose', 'every file of every finding, and every place of it', false)
    .option('--no-color', 'no colours (NO_COLOR and FORCE_COLOR are honoured as well)')
}

/** Whether an upload is an object in Cloud Storage, or was meant to be. */
export function isStorageUrl(upload: string): boolean {
  return upload.startsWith('gs://')
}

export function repoOption(): Option {
  return new Option('--repo <dir>', 'the git repository (default: the one the current directory is in)')
}

export function sourceOption(): Option {
  return new Option(
    '--source <dir>',
    "the directory that is uploaded, relative to the repository (default: the repository's root)",
  )
}

export function uploadAsOption(): Option {
  return new Option(
    '--upload-as <command>',
    'whose upload is predicted: builds-submit, run-deploy, functions-deploy or app-deploy',
  ).default('builds-submit')
}

export function ignoreFileOption(): Option {
  return new Option(
    '--ignore-file <file>',
    'the ignore rules that gcloud is to read, relative to the source (default: .gcloudignore)',
  )
}

/** Of every command that has to do with the cache. */
export function cacheDirOption(): Option {
  return new Option(
    '--cache-dir <dir>',
    "where verdicts are remembered (default: FIRSTBREAK_CACHE_DIR, then the user's cache folder)",
  )
}

const afterHelp = `
Every option but --cache-dir and --max-* can stand in [tool.firstbreak] of
pyproject.toml under the same name, without the dashes; of --run-image, only
"never" can, and of --format no file.

Exit codes:
  0  everything asked for was looked at and nothing is broken
  1  something is broken
  2  could not tell: bad usage, an input that cannot be read, an interpreter
     that is missing or crashed

Examples:
  $ firstbreak
  $ firstbreak --upload source.tgz --image image.tar
  $ firstbreak --upload gs://demo_cloudbuild/source/api.tgz --build build.json
  $ firstbreak --deploy-python 3.11 --format json=report.json --format text
  $ firstbreak --format sarif=firstbreak.sarif --format github`

/** The command line's word over the project's, and the project's over the defaults. */
export function mergeOptions<Options = VerifyOptions>(command: Command, project: ProjectOptions): Options {
  if (project['run-image'] !== undefined && project['run-image'] !== 'never') {
    // A repository may forbid that something is run, and not ask for it.
    throw new VerifierError(
      'bad-usage',
      `[tool.firstbreak] run-image can only be "never": give ${quoted(project['run-image'])} as --run-image instead`,
    )
  }
  const given = command.opts()
  const merged: Record<string, unknown> = { ...given }
  for (const [name, value] of Object.entries(project)) {
    const [key, meant] = name.startsWith('no-') ? [name.slice(3), value !== true] : [camelCase(name), value]
    if (command.getOptionValueSource(key) !== 'cli') merged[key] = name === 'jobs' ? String(value) : meant
  }
  return merged as unknown as Options
}

function camelCase(name: string): string {
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
}
