import { platform } from 'node:os'
import { dirname } from 'node:path'
import { firstOnPath } from '../interpreters/first-on-path.ts'
import { isInside, realPath } from '../interpreters/run-permission.ts'
import type { Repository } from '../sources/git/repository.ts'
import type { Io } from './io.ts'

/** The user's own gcloud, or why there is none to run: one that lies in the repository is not run. */
export async function findGcloud(
  { environment }: Io,
  repository: Repository | null,
): Promise<{ readonly program: string } | { readonly absent: string }> {
  // On Windows `gcloud` lies there as well, for other shells.
  const program = await firstOnPath(environment, platform() === 'win32' ? /^gcloud\.cmd$/i : /^gcloud$/)
  if (program === null) return { absent: 'not on PATH' }
  const places = [dirname(program), program]
  const real = await Promise.all(places.map(realPath))
  const top = repository === null ? null : await realPath(repository.directory)
  if (top !== null && real.some(path => isInside(top, path)))
    return { absent: 'the one on PATH lies in the repository' }
  return { program }
}
