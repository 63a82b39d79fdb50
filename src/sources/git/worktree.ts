import { VerifierError } from '../../model/errors.ts'
import { type Path, relativePath } from '../../model/path.ts'
import { quoted } from '../../model/quoted.ts'
import type { Entry, Source } from '../../model/source.ts'
import { entryKind, look, realParents } from '../disk.ts'
import { parseGitPath } from './git-path.ts'
import { gitRecords } from './git-process.ts'
import type { Repository } from './repository.ts'

/**
 * The files of the working tree, as they are on disk, that git tracks or would take: those it ignores only when `only`
 * names them. What git tracks and the disk does not hold is absent, and so is what stands behind a symbolic link to a
 * directory. Only what is below `directory` is looked at; paths stay those of the repository.
 *
 * @throws VerifierError when the repository is bare, and from `entries()` when a file cannot be read or changes meanwhile.
 */
export function worktree(repository: Repository, directory: Path): Source {
  if (repository.bare) {
    throw new VerifierError(
      'git-failed',
      `${quoted(repository.directory)} is a bare repository: it has no working tree`,
    )
  }
  return {
    stage: { name: 'worktree', place: 'worktree', kind: 'worktree', reference: null },
    async *entries(only) {
      const hasRealParents = realParents(repository.directory)
      const items = only === undefined ? listed(repository, directory) : named(only, directory)
      for await (const item of items) {
        const entry = hasRealParents(item.path) ? await entryOf(repository.directory, item) : null
        if (entry !== null) yield entry
      }
    },
  }
}

interface Item {
  readonly path: Path
  /** Of a submodule, the commit that the index has; else null. */
  readonly commit: string | null
}

/** Null when it is absent. */
async function entryOf(folder: string, { path, commit }: Item): Promise<Entry | null> {
  const place = { folder, path }
  const stats = look(place)
  if (stats === null) return null
  if (!stats.isDirectory()) return { path, layer: 0, ...(await entryKind(place, stats)) }
  return commit === null ? null : { path, layer: 0, kind: 'gitlink', commit }
}

async function* named(only: ReadonlySet<Path>, directory: Path): AsyncGenerator<Item> {
  for (const path of only) if (relativePath(directory, path) !== null) yield { path, commit: null }
}

/** What git tracks, then what it would take. A file with a merge conflict is tracked up to three times. */
async function* listed(repository: Repository, directory: Path): AsyncGenerator<Item> {
  const part = directory === '' ? [] : ['--', directory]
  let previous: Path | null = null
  for await (const record of gitRecords(repository.directory, ['ls-files', '-z', '--stage', ...part])) {
    const tab = record.indexOf(0x09)
    const [mode, id = ''] = record.toString('latin1', 0, tab).split(' ')
    const path = parseGitPath(record.subarray(tab + 1))
    if (path === previous) continue
    previous = path
    yield { path, commit: mode === '160000' ? id : null }
  }
  for await (const record of gitRecords(repository.directory, [
    'ls-files',
    '-z',
    '--others',
    '--exclude-standard',
    ...part,
  ])) {
    // A repository within this one, which git does not look into, is listed as a directory.
    if (record.at(-1) !== 0x2f) yield { path: parseGitPath(record), commit: null }
  }
}
