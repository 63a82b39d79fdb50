import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { VerifierError } from '../model/errors.ts'
import { rootPath } from '../model/path.ts'
import { quoted } from '../model/quoted.ts'
import type { UploadListing, WrittenUpload } from '../model/upload.ts'
import { projectOptions } from '../project/project-options.ts'
import { listJson, listText, obstaclesText, writtenText } from '../report/upload-list.ts'
import { visible } from '../report/visible.ts'
import { openRepository, type Repository } from '../sources/git/repository.ts'
import { worktree } from '../sources/git/worktree.ts'
import { readFrom } from '../sources/read-from.ts'
import { listUpload } from '../sources/upload/list-upload.ts'
import type { UploadRules } from '../sources/upload/upload-rules.ts'
import { type Upload, uploadOf } from '../sources/upload/upload-walk.ts'
import { assertDestination, type Destination, writeUpload } from '../sources/upload/write-upload.ts'
import type { ExitCode, Io } from './io.ts'
import { directoryOption } from './option-values.ts'
import { assertOwnIgnoreFile, type PredictionOptions, predictionOf, predictionRules } from './prediction-options.ts'
import { ignoreFileOption, mergeOptions, repoOption, sourceOption, uploadAsOption } from './verify-options.ts'

interface UploadOptions extends PredictionOptions {
  readonly repo?: string
  readonly source?: string
  readonly list?: boolean
  readonly write?: string
  readonly force: boolean
  readonly format: 'text' | 'json'
}

/** `firstbreak upload`: lists what would go up, writes it; tells `ended` 2 where gcloud would fail, else 0. */
export function uploadCommand(program: Command, io: Io, ended: (code: ExitCode) => void): void {
  const command = program
    .command('upload')
    .description('what gcloud would upload and what it would not, by which rule; write that very archive')
    .addOption(repoOption())
    .addOption(sourceOption())
    .addOption(uploadAsOption())
    .addOption(ignoreFileOption())
    .option('--list', 'print what goes up and what stays (the default without --write)')
    .option('--write <file>', 'write the archive: a .tgz or .tar.gz for builds-submit, a .zip for run-deploy')
    .option('--force', 'let --write replace a file', false)
    .addOption(new Option('--format <format>', 'how to report').choices(['text', 'json']).default('text'))
    .addHelpText('after', afterHelp)
    .allowExcessArguments(false)
  command.action(async () => {
    const { upload, rules, options } = await openUpload(command, io)
    const destination = options.write === undefined ? null : destinationOf(options.write, options, io)
    if (destination !== null) await assertDestination(upload, destination)
    const { members, listing } = await listUpload(upload, rules)
    const isStopped = listing.survey.obstacles.length > 0
    const written = destination === null || isStopped ? null : await writeUpload(upload, members, destination)
    io.out.write(options.format === 'json' ? listJson(listing, written) : textOf(listing, written, options))
    if (destination !== null && isStopped) throw notWritten(destination)
    ended(isStopped ? 2 : 0)
  })
}

function textOf(listing: UploadListing, written: WrittenUpload | null, { list, write }: UploadOptions): string {
  const parts = [
    list === true || write === undefined ? listText(listing) : '',
    obstaclesText(listing.survey),
    written === null ? '' : writtenText(written),
  ]
  return parts.filter(part => part !== '').join('\n')
}

async function openUpload(
  command: Command,
  io: Io,
): Promise<{ readonly upload: Upload; readonly rules: UploadRules; readonly options: UploadOptions }> {
  const repository = await openRepository(resolve(io.cwd, command.opts<UploadOptions>().repo ?? '.'))
  const options = await optionsOf(command, repository)
  const directory = directoryOption(options.source ?? '', '--source')
  const prediction = predictionOf(options, io.cwd)
  const { rules, remarks } = await predictionRules(repository, directory, options)
  for (const remark of remarks) io.err.write(`firstbreak: ${visible(remark)}\n`)
  return { upload: uploadOf(repository, directory, rules, prediction), rules, options }
}

/** Of `[tool.firstbreak]`, what says what is uploaded; how verify reports is not how this does. */
async function optionsOf(command: Command, repository: Repository): Promise<UploadOptions> {
  const everything = worktree(repository, rootPath)
  const given = directoryOption(command.opts<UploadOptions>().source ?? '', '--source')
  const project = await projectOptions(path => readFrom(everything, path), given)
  const names = ['source', 'upload-as', 'ignore-file'] as const
  const shared = Object.fromEntries(names.flatMap(name => (name in project ? [[name, project[name]]] : [])))
  const options = mergeOptions<UploadOptions>(command, shared)
  assertOwnIgnoreFile(options, command)
  return options
}

function destinationOf(named: string, { force }: UploadOptions, { cwd, signal, leftovers }: Io): Destination {
  return { file: resolve(cwd, named), named, force, signal, leftovers }
}

function notWritten({ named }: Destination): VerifierError {
  return new VerifierError('upload-unwritable', `${quoted(named)} is not written, as gcloud would fail; see above`)
}

const afterHelp = `
What --write has written can be looked at with firstbreak --upload FILE, and
submitted with gcloud builds submit FILE. --source, --upload-as and
--ignore-file can stand in [tool.firstbreak] of pyproject.toml, as for verify.

Exit codes:
  0  listed, and written where that was asked for
  2  gcloud would fail on something that goes up, or it could not be told, or
     not be written

Examples:
  $ firstbreak upload
  $ firstbreak upload --write ../source.tgz
  $ firstbreak upload --source api --upload-as run-deploy --write ../api.zip`
