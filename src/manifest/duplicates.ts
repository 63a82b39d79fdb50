import type { Duplicate } from '../model/manifest.ts'
import type { Path } from '../model/path.ts'
import type { Held } from './held.ts'

/** What one record of a path says, as far as it matters whether another one says the same. */
interface Said {
  readonly isDirectory: boolean
  readonly held: Held | null
}

/** Gathers the paths that one layer records more than once. That a directory comes twice is no such thing. */
export interface DuplicateFinder {
  /** Two records of a path that a layer has one after the other. */
  compare(path: Path, layer: number, before: Said, after: Said): void
  /** By layer, and in the order of their last record. */
  found(): readonly Duplicate[]
}

export function duplicateFinder(): DuplicateFinder {
  const duplicates = new Map<string, Duplicate>()
  return {
    compare(path, layer, before, after) {
      if (before.isDirectory && after.isDirectory) return
      const key = `${layer} ${path}`
      const differs = duplicates.get(key)?.differs === true || differ(before.held, after.held)
      duplicates.delete(key)
      duplicates.set(key, { path, layer, differs })
    },
    found: () => [...duplicates.values()].sort((a, b) => a.layer - b.layer),
  }
}

/** Whether Python would be given other bytes; what is no Python source is not told apart. */
function differ(a: Held | null, b: Held | null): boolean {
  if (a?.kind !== 'python' && b?.kind !== 'python') return false
  return !(a?.kind === 'python' && b?.kind === 'python' && a.file.sha256 === b.file.sha256)
}
