import { realpath, stat } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { VerifierError } from '../../model/errors.ts'
import { quoted } from '../../model/quoted.ts'
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

/** @throws VerifierError when git fails, or `core.hooksPath` keeps it from running any hook. */
export async function hooksFolder({ directory, bare }: Repository): Promise<HooksFolder> {
  const [hook, common] = await Promise.all([
    // Of an empty core.hooksPath git says this of a hook alone: that it is at the root of the disk.
    gitPath(directory, ['--git-path', 'hooks/pre-push']),
    gitPath(directory, ['--git-common-dir']),
  ])
  const path = await realFolder(dirname(hook))
  await assertFolder(path)
  if (isInside(path, await realFolder(common))) return { path, place: 'repository' }
  return { path, place: !bare && isInside(path, await realFolder(directory)) ? 'worktree' : 'shared' }
}

/** Whoever wants no hooks may have named `/dev/null`. */
async function assertFolder(path: string): Promise<void> {
  const found = await stat(path).catch(() => null)
  if (found === null || found.isDirectory()) return
  throw new VerifierError(
    'bad-usage',
    `core.hooksPath leads to ${quoted(path)}, which is no folder, so that git runs no hook at all: git config --show-origin core.hooksPath tells where that is set`,
  )
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
