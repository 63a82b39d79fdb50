import { resolve } from 'node:path'
import type { ObjectFormat } from '../../model/digest.ts'
import { VerifierError } from '../../model/errors.ts'
import { quoted } from '../../model/quoted.ts'
import { runGit } from './git-process.ts'

export interface Repository {
  /** The top level of the working tree, absolute; of a bare repository, the repository itself. */
  readonly directory: string
  readonly objectFormat: ObjectFormat
  readonly bare: boolean
}

/**
 * The repository that holds `directory`: its working tree or one linked to it, at any depth, or a bare repository.
 *
 * @throws VerifierError when there is none, git is missing or does not trust it.
 */
export async function openRepository(directory: string): Promise<Repository> {
  const facts = await runGit(directory, [
    'rev-parse',
    '--is-bare-repository',
    '--is-inside-work-tree',
    '--show-object-format',
  ])
  const [bare, inWorkTree, format] = facts.toString('latin1').split('\n')
  const objectFormat = parseFormat(format)
  if (bare === 'true') return { directory: await place(directory, '--absolute-git-dir'), objectFormat, bare: true }
  if (inWorkTree !== 'true') {
    throw new VerifierError(
      'git-failed',
      `${quoted(directory)} is inside the .git folder of a repository: name its working tree instead`,
    )
  }
  return { directory: await place(directory, '--show-toplevel'), objectFormat, bare: false }
}

/**
 * The repository whose `.git` folder, or what stands for it, is `directory` or belongs to the working tree there: taken as a bare
 * one, so that only its objects count.
 *
 * @throws VerifierError when there is none.
 */
export async function repositoryAt(directory: string): Promise<Repository> {
  const format = (await runGit(directory, ['rev-parse', '--show-object-format'])).toString('latin1').trim()
  return {
    directory: await place(directory, '--absolute-git-dir'),
    objectFormat: parseFormat(format),
    bare: true,
  }
}

/** The one path that `rev-parse` prints for `option`. A path may hold line breaks; only the last one is git's. */
async function place(directory: string, option: string): Promise<string> {
  const output = await runGit(directory, ['rev-parse', option])
  return resolve(output.toString('utf8').replace(/\n$/, ''))
}

function parseFormat(format: string | undefined): ObjectFormat {
  return format === 'sha256' ? 'sha256' : 'sha1'
}
