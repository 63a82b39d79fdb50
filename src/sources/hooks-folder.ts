import { realpath } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { runGit } from './git-process.ts'
import type { Repository } from './repository.ts'

/** Where git looks for the hooks of a repository. */
export interface HooksFolder {
  /** Absolute; it need not be there. */
  readonly path: string
  /**
   * `repository`: in its own `.git`, which its linked working trees share; `worktree`: among its files; `shared`: elsewhere, as
   * `core.hooksPath` has it, so that other repositories may use it as well.
   */
  readonly place: 'repository' | 'worktree' | 'shared'
}

/** @throws VerifierError when git fails. */
export async function hooksFolder({ directory, bare }: Repository): Promise<HooksFolder> {
  const [hooks, common] = await Promise.all([
    gitPath(directory, ['--git-path', 'hooks']),
    gitPath(directory, ['--git-common-dir']),
  ])
  const path = await realFolder(hooks)
  if (isInside(path, await realFolder(common))) return { path, place: 'repository' }
  return { path, place: !bare && isInside(path, await realFolder(directory)) ? 'worktree' : 'shared' }
}

/** Whether git tracks a file of the working tree. */
export async function isTracked({ directory, bare }: Repository, file: string): Promise<boolean> {
  if (bare) return false
  const path = relative(await realFolder(directory), file)
    .split(sep)
    .join('/')
  return (await runGit(directory, ['ls-files', '-z', '--', path])).length > 0
}

/** A path may hold line breaks; only the last one is git's. */
async function gitPath(directory: string, options: readonly string[]): Promise<string> {
  const output = await runGit(directory, ['rev-parse', ...options])
  return resolve(directory, output.toString('utf8').replace(/\n$/, ''))
}

/** Links resolved, also above what is not there. */
async function realFolder(folder: string): Promise<string> {
  try {
    return await realpath(folder)
  } catch {
    const parent = dirname(folder)
    return parent === folder ? folder : join(await realFolder(parent), relative(parent, folder))
  }
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path)
  return !isAbsolute(way) && way !== '..' && !way.startsWith(`..${sep}`)
}
