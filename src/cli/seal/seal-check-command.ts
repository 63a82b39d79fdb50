import { readFile, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { checkSeal } from '../../check-seal.ts'
import { readSeal } from '../../evidence/read-seal.ts'
import { VerifierError } from '../../model/errors.ts'
import { quoted } from '../../model/quoted.ts'
import type { Seal, SealCheck } from '../../model/seal.ts'
import type { Source } from '../../model/source.ts'
import { sealCheckJson, sealCheckText } from '../../report/seal-check.ts'
import { image } from '../../sources/image/image.ts'
import { parsePlatform } from '../../sources/image/image-platform.ts'
import { folder } from '../../sources/upload/folder.ts'
import type { ExitCode, Io } from '../io.ts'
import { excluding, mappingOption } from '../option-values.ts'
import { reportFormats } from '../report-formats.ts'
import { collect } from '../verify-options.ts'

interface SealCheckOptions {
  readonly folder?: string
  readonly image?: string
  readonly platform?: string
  readonly map: readonly string[]
  readonly exclude: readonly string[]
  readonly failOn: 'error' | 'warning'
  readonly format: readonly string[]
  readonly color: boolean
}

/** `firstbreak seal check FILE`: holds a folder or an image against a seal; needs neither git nor a Python. */
export function sealCheckCommand(parent: Command, io: Io, ended: (code: ExitCode) => void): void {
  const command = parent
    .command('check')
    .argument('<file>', 'what firstbreak seal wrote')
    .description('hold a folder or an image against a seal, file by file; needs neither a repository nor a Python')
    .addOption(
      new Option('--folder <dir>', 'the folder that was uploaded (default: the one that holds the seal)').conflicts(
        'image',
      ),
    )
    .option('--image <image>', 'an image, as for firstbreak verify')
    .option('--platform <os/arch[/variant]>', "which image of several for several platforms (default: this machine's)")
    .option(
      '--map <image_dir=source_dir>',
      'where the image keeps what was sealed (default: learned); repeatable',
      collect,
      [],
    )
    .option('--exclude <glob>', 'files not to look at; repeatable', collect, [])
    .addOption(
      new Option('--fail-on <severity>', 'the least that exits 1').choices(['error', 'warning']).default('error'),
    )
    .option('--format <text|json[=file]>', 'how to report, and where to; repeatable (default: text)', collect, [])
    .option('--no-color', 'no colours (NO_COLOR and FORCE_COLOR are honoured as well)')
    .addHelpText('after', afterHelp)
    .allowExcessArguments(false)
  command.action(async (file: string) => {
    const options = command.opts<SealCheckOptions>()
    const write = reportFormats<SealCheck>(options, { text: sealCheckText, json: sealCheckJson }, io)
    const seal = readSeal(await bytesOf(file, io), file)
    const source = await sourceOf(seal, file, options, io)
    const mappings = options.map.map(mappingOption)
    const check = await checkSeal(seal, { source, mappings, isExcluded: excluding(options.exclude) })
    await write(check)
    ended(exitCodeOf(check, options))
  })
}

async function bytesOf(file: string, { cwd }: Io): Promise<Buffer> {
  return readFile(resolve(cwd, file)).catch(cause => {
    throw new VerifierError('file-unreadable', `cannot read the seal ${quoted(file)} (${cause.code}): did it go up?`, {
      cause,
    })
  })
}

async function sourceOf(
  { objectFormat }: Seal,
  file: string,
  options: SealCheckOptions,
  { cwd, environment }: Io,
): Promise<Source> {
  if (options.image !== undefined) {
    const platform = options.platform === undefined ? null : parsePlatform(options.platform)
    return image(options.image, { name: 'image', directory: cwd, environment, platform })
  }
  const directory = options.folder === undefined ? dirname(resolve(cwd, file)) : resolve(cwd, options.folder)
  const isFolder = await stat(directory).then(
    found => found.isDirectory(),
    () => false,
  )
  if (isFolder) return folder(directory, objectFormat)
  throw new VerifierError('bad-usage', `--folder ${quoted(options.folder ?? directory)}: there is no such folder`)
}

/** What nobody verified, and what an image has not, are warnings; all else is an error. */
function exitCodeOf({ files, otherPython, stage }: SealCheck, { failOn }: SealCheckOptions): ExitCode {
  const isError = ({ state }: SealCheck['files'][number]) =>
    state === 'altered' || (state === 'missing' && stage.place !== 'image')
  const isWarned = failOn === 'warning' && files.length > 0
  return files.some(isError) || otherPython !== null || isWarned ? 1 : 0
}

const afterHelp = `
Exit codes:
  0  every file that was sealed is there, with the same bytes
  1  one has other bytes or is gone, or an image runs another Python than the
     one that it was sealed for; with --fail-on warning also where there are
     Python files that were not sealed, or an image lacks some that were
  2  could not tell: no seal, nothing of it found in an image, or something that
     cannot be read

Examples:
  $ firstbreak seal check firstbreak.seal.json
  $ firstbreak seal check firstbreak.seal.json --image api:build --map /app=.`
