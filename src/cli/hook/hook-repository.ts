import { realpath } from 'node:fs/promises'
import { resolve } from 'node:path'
import { openRepository, type Repository, repositoryAt } from '../../sources/git/repository.ts'
import type { Io } from '../io.ts'

/**
 * The repository that is pushed from: the one that holds the current directory, unless git tells its hook, by GIT_DIR, that it is
 * another, as where the files of a home folder are kept in a repository elsewhere.
 *
 * @throws VerifierError when there is none.
 */
export async function hookRepository({ cwd, environment }: Pick<Io, 'cwd' | 'environment'>): Promise<Repository> {
  const told = environment.GIT_DIR
  if (told === undefined || told === '') return openRepository(cwd)
  const named = await repositoryAt(resolve(cwd, told))
  const found = await openRepository(cwd).catch(() => null)
  if (found === null) return named
  const own = await repositoryAt(found.directory)
  return (await realpath(own.directory)) === (await realpath(named.directory)) ? found : named
}
