import { realpath } from 'node:fs/promises'
import { platform, userInfo } from 'node:os'
import { isAbsolute, relative, sep } from 'node:path'
import type { Program } from './program-at.ts'

/** Who says that a program is a Python. */
export interface Naming {
  /** The repository that is looked at, its real path; null where there is none. */
  readonly repository: string | null
  /** Whether it is the repository that names the program: by `.venv`, or by a link in a folder of PATH that lies in it. */
  readonly byRepository: boolean
  /** Whether the search finds a program without the repository as well, by its real path. */
  readonly isFoundElsewhere: (path: string) => boolean
}

/**
 * A repository is not trusted: nothing that lies in it is run, and what it leads to only if it would be found without it,
 * or belongs to the user or to root.
 *
 * @throws Error, with why in its message, when the program is not to be run.
 */
export function assertMayBeRun(program: Program, { repository, byRepository, isFoundElsewhere }: Naming): void {
  if (repository !== null && isInside(repository, program.path)) {
    throw new Error('it lies in the repository, of which nothing is run')
  }
  if (!byRepository || isFoundElsewhere(program.path) || belongsToUserOrRoot(program)) return
  throw new Error('the repository leads to it, it is not found otherwise, and it belongs to neither the user nor root')
}

/** Whether a path is a folder or lies in it; both are real paths. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

/** The path without links; the path itself where nothing is there. */
export async function realPath(path: string): Promise<string> {
  return realpath(path).catch(() => path)
}

/** Windows does not say whose a file is. */
function belongsToUserOrRoot({ owner }: Program): boolean {
  return platform() !== 'win32' && (owner === 0 || owner === userInfo().uid)
}
