import { resolve } from 'node:path'
import type { Command } from 'commander'
import { VerifierError } from '../model/errors.ts'
import { type Path, parsePath } from '../model/path.ts'
import type { UploadCommand } from '../model/upload.ts'
import type { Repository } from '../sources/repository.ts'
import { type UploadRules, uploadRules } from '../sources/upload-rules.ts'
import type { Prediction } from '../sources/upload-walk.ts'

/** How an upload is to be predicted. */
export interface PredictionOptions {
  readonly uploadAs: string
  readonly ignoreFile?: string
}

/** gcloud is taken to be started where firstbreak is. @throws VerifierError for options that gcloud does not have. */
export function predictionOf({ uploadAs, ignoreFile }: PredictionOptions, cwd: string): Required<Prediction> {
  if (!isUploadCommand(uploadAs)) {
    throw new VerifierError('bad-usage', `--upload-as ${uploadAs}: write ${commands.join(' or ')}`)
  }
  if (uploadAs === 'run-deploy' && ignoreFile !== undefined) {
    throw new VerifierError(
      'bad-usage',
      '--ignore-file is an option of gcloud builds submit only: drop it, or --upload-as run-deploy',
    )
  }
  return { command: uploadAs, workingDirectory: cwd }
}

const commands: readonly UploadCommand[] = ['builds-submit', 'run-deploy']

function isUploadCommand(text: string): text is UploadCommand {
  return commands.some(command => command === text)
}

/** The rules, and what must be known of them. @throws VerifierError where gcloud fails on them. */
export async function predictionRules(
  repository: Repository,
  directory: Path,
  { ignoreFile }: PredictionOptions,
): Promise<{ readonly rules: UploadRules; readonly remarks: readonly string[] }> {
  const rules = await uploadRules(resolve(repository.directory, directory), ignoreFile)
  const { isMissing, from } = rules
  const instead = from === null ? 'uploads everything' : `follows ${from}`
  const remark = `--ignore-file ${ignoreFile} cannot be read from the source; gcloud does not say so, and ${instead}`
  return { rules, remarks: isMissing ? [remark] : [] }
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
