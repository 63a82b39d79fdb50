import { buffer } from 'node:stream/consumers'
import { type Path, parentPath, rootPath } from '../../model/path.ts'
import type { Source } from '../../model/source.ts'
import type { Stage } from '../../model/stage.ts'
import { assertConfigurationSize } from '../read-from.ts'
import { entryOf, gitlinkMode, type ListedItem, parseTreeRecord } from './git-item.ts'
import type { GitObjects } from './git-objects.ts'
import { runGit } from './git-process.ts'
import type { Repository } from './repository.ts'

/** By path, in git's order. */
export type Listing = ReadonlyMap<Path, ListedItem>

/** Objects that git is asked for before they are wanted. */
const mostAhead = 64

/** All that is in a tree, or in that of a commit: names and ids alone, so that no blob need be there. */
export async function listTree({ directory }: Repository, tree: string): Promise<Listing> {
  const output = await runGit(directory, ['ls-tree', '-r', '-z', '--full-tree', tree])
  const items = new Map<Path, ListedItem>()
  for (let at = 0; at < output.length; ) {
    const end = output.indexOf(0, at)
    const { path, mode, id } = parseTreeRecord(output.subarray(at, end), rootPath)
    items.set(path, { path, mode, id })
    at = end + 1
  }
  return items
}

/**
 * Some files and links of a listing as a stage, in the order in which they are given, read from `objects`, which nobody else asks
 * meanwhile; no submodules.
 */
export function listedSource(objects: GitObjects, stage: Stage, items: readonly ListedItem[]): Source {
  const files = items.filter(({ mode }) => mode !== gitlinkMode)
  return {
    stage,
    async *entries(only) {
      const wanted = only === undefined ? files : files.filter(({ path }) => only.has(path))
      const ids = wanted.map(({ id }) => id)
      for (const [index, item] of wanted.entries()) {
        const section = await objects.open(item.id, ids.slice(index + 1, index + 1 + mostAhead))
        yield await entryOf({ ...item, size: section.size }, async () => section)
      }
    },
  }
}

/** The files of a listing, to read a few of them one after the other, as configuration. */
export function listedFiles(objects: GitObjects, listing: Listing) {
  return {
    /** Null where there is no regular file. */
    read: async (path: Path): Promise<Uint8Array | null> => {
      const item = listing.get(path)
      if (item?.mode.startsWith('100') !== true) return null
      const section = await objects.open(item.id)
      assertConfigurationSize(path, section.size)
      return buffer(section.body())
    },
    /** The paths of the regular files directly in a directory. */
    list: async (directory: Path): Promise<readonly Path[]> =>
      [...listing.values()]
        .filter(({ path, mode }) => mode.startsWith('100') && parentPath(path) === directory)
        .map(({ path }) => path),
  }
}
