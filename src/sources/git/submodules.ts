import { readdir, readFile, realpath } from 'node:fs/promises'
import { join, resolve, sep } from 'node:path'
import type { Submodule } from '../../model/git-facts.ts'
import { joinPath, type Path } from '../../model/path.ts'
import { look, realParents, systemName } from '../disk.ts'
import { parseGitPath } from './git-path.ts'
import { gitRecords, runGit } from './git-process.ts'
import type { Repository } from './repository.ts'

/** How each submodule stands on the disk. Git looks only into those that it keeps in the superproject's own `.git/modules`. */
export async function submodulesOf(
  repository: Repository,
  commits: ReadonlyMap<Path, string>,
): Promise<readonly Submodule[]> {
  const hasRealParents = realParents(repository.directory)
  const found: Submodule[] = []
  for (const [path, commit] of commits) {
    const state = hasRealParents(path) ? await stateOf(repository, path) : 'absent'
    const folder = state === 'present' ? await gitFolder(repository, path) : null
    const head = folder === null ? null : await headOf(folder)
    const files = folder === null ? new Map() : await filesOf(folder, commit, path)
    found.push({ path, commit, state, head, files })
  }
  return found
}

async function stateOf({ directory: folder }: Repository, path: Path): Promise<Submodule['state']> {
  const stats = look({ folder, path })
  if (stats === null || !stats.isDirectory()) return 'absent'
  return (await readdir(systemName({ folder, path })!)).length === 0 ? 'empty' : 'present'
}

/**
 * Where git keeps the submodule; null where it is not below `.git/modules`: what lies in the working tree may be anybody's,
 * and its configuration may name programs.
 */
async function gitFolder({ directory }: Repository, path: Path): Promise<string | null> {
  try {
    const folder = systemName({ folder: directory, path })!.toString()
    const [, target] = /^gitdir: (.+?)\r?\n*$/s.exec(await readFile(join(folder, '.git'), 'utf8')) ?? []
    if (target === undefined) return null
    const common = (await runGit(directory, ['rev-parse', '--git-common-dir'])).toString('utf8').replace(/\n$/, '')
    const own = (await runGit(directory, ['rev-parse', '--absolute-git-dir'])).toString('utf8').replace(/\n$/, '')
    const place = await realpath(resolve(folder, target))
    const homes = await Promise.all([resolve(directory, common), own].map(each => realpath(each)))
    return homes.some(home => place.startsWith(join(home, 'modules') + sep)) ? place : null
  } catch {
    // No .git file, or one that leads nowhere: there is nothing to ask, and that is what null says.
    return null
  }
}

async function headOf(folder: string): Promise<string | null> {
  // A HEAD that names a branch without a commit is no commit.
  const output = await runGit(folder, ['--git-dir=.', 'rev-parse', '--verify', 'HEAD^{commit}']).catch(() => null)
  return output === null ? null : output.toString('latin1').trim()
}

async function filesOf(folder: string, commit: string, path: Path): Promise<ReadonlyMap<Path, string>> {
  const files = new Map<Path, string>()
  try {
    for await (const record of gitRecords(folder, ['--git-dir=.', 'ls-tree', '-r', '-z', commit])) {
      const tab = record.indexOf(0x09)
      const [, type, id = ''] = record.toString('latin1', 0, tab).split(' ')
      if (type === 'blob') files.set(joinPath(path, parseGitPath(record.subarray(tab + 1))), id)
    }
  } catch {
    // The commit was never fetched: then nothing is known to be of it.
    return new Map()
  }
  return files
}
