import { resolve } from 'node:path'
import type { Command } from 'commander'
import { VerifierError } from '../model/errors.ts'
import { type Path, parsePath } from '../model/path.ts'
import { quoted } from '../model/quoted.ts'
import type { UploadCommand } from '../model/upload.ts'
import type { Repository } from '../sources/git/repository.ts'
import { type UploadRules, uploadRules } from '../sources/upload/upload-rules.ts'
import type { Prediction } from '../sources/upload/upload-walk.ts'

/** How an upload is to be predicted. */
export interface PredictionOptions {
  readonly uploadAs: string
  readonly ignoreFile?: string
}

/** gcloud is taken to be started where firstbreak is. @throws VerifierError for options that gcloud does not have. */
export function predictionOf({ uploadAs, ignoreFile }: PredictionOptions, cwd: string): Required<Prediction> {
  const command = uploadCommand(uploadAs)
  if (uploadAs === 'run-deploy' && ignoreFile !== undefined) {
    throw new VerifierError(
      'bad-usage',
      '--ignore-file is no option of gcloud run deploy: drop it, or --upload-as run-deploy',
    )
  }
  return { command, workingDirectory: cwd }
}

const commands: readonly UploadCommand[] = ['builds-submit', 'run-deploy', 'functions-deploy', 'app-deploy']

function uploadCommand(text: string): UploadCommand {
  const command = commands.find(each => each === text)
  if (command !== undefined) return command
  throw new VerifierError('bad-usage', `--upload-as ${text}: write ${commands.join(' or ')}`)
}

/** The rules, and what must be known of them. @throws VerifierError where gcloud fails on them. */
export async function predictionRules(
  repository: Repository,
  directory: Path,
  { ignoreFile, uploadAs }: PredictionOptions,
): Promise<{ readonly rules: UploadRules; readonly remarks: readonly string[] }> {
  const command = uploadCommand(uploadAs)
  const rules = await uploadRules(resolve(repository.directory, directory), ignoreFile, command)
  const { isMissing, from } = rules
  if (isMissing && command !== 'builds-submit') throw missingIgnoreFile(ignoreFile!)
  assertNotAll(command, rules)
  const instead = from === null ? 'uploads everything' : `follows ${from}`
  const remark = `--ignore-file ${ignoreFile} cannot be read from the source; gcloud does not say so, and ${instead}`
  return { rules, remarks: isMissing ? [remark] : [] }
}

function missingIgnoreFile(ignoreFile: string): VerifierError {
  return new VerifierError(
    'file-unreadable',
    `--ignore-file ${ignoreFile} cannot be read from the source, and gcloud fails on that: name another, or drop it`,
  )
}

/** `functions deploy` asks its rules about the source itself, as `.`, and some then drop more than they say. */
function assertNotAll(command: UploadCommand, { explain }: UploadRules): void {
  const rule = command === 'functions-deploy' ? explain('.' as Path, true) : null
  if (rule === null) return
  throw new VerifierError(
    'file-unreadable',
    `${quoted(`${rule.file}:${rule.line}`)} ${quoted(rule.text)} matches the source itself, of which gcloud functions deploy then leaves out more than is said here: write it with a name`,
  )
}

/** @throws VerifierError when a repository has rules read from outside of what is uploaded: reports quote them. */
export function assertOwnIgnoreFile({ ignoreFile }: PredictionOptions, command: Command): void {
  if (ignoreFile === undefined || command.getOptionValueSource('ignoreFile') === 'cli') return
  if (!/^([A-Za-z]:)?[\\/]/.test(ignoreFile) && parsePath(ignoreFile.replaceAll('\\', '/')) !== null) return
  throw new VerifierError(
    'bad-usage',
    `[tool.firstbreak] ignore-file leads out of the source, ${ignoreFile}: give it as --ignore-file instead`,
  )
}
