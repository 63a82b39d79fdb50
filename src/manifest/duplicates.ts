import type { Duplicate } from '../model/manifest.ts'
import { type Path, parentPath } from '../model/path.ts'
import type { Held } from './overlay.ts'

type Records = readonly (readonly [Path, Held])[]

/** The paths that one layer records more than once, in the order of their last record. That a directory comes twice is no such thing. */
export function duplicatesIn(records: Records, layer: number): Duplicate[] {
  const last = new Map<Path, Held>()
  const found = new Map<Path, Duplicate>()
  for (const [path, held] of records) {
    const before = last.get(path)
    last.set(path, held)
    if (before === undefined || (before.kind === 'directory' && held.kind === 'directory')) continue
    const differs = found.get(path)?.differs === true || differ(before, held)
    found.delete(path)
    found.set(path, { path, layer, differs })
  }
  return [...found.values()]
}

/** A path that is recorded as no directory and has others below it, which no file system can hold; null when there is none. */
export function buriedPath(records: Records): { readonly path: Path; readonly below: Path } | null {
  const solid = new Set(records.filter(([, { kind }]) => kind !== 'directory').map(([path]) => path))
  const seen = new Set<Path>()
  for (const [path] of records) {
    for (let parent = parentPath(path); parent !== '' && !seen.has(parent); parent = parentPath(parent)) {
      if (solid.has(parent)) return { path, below: parent }
      seen.add(parent)
    }
  }
  return null
}

/** Whether Python would be given other bytes; what is no Python source is not told apart. */
function differ(a: Held, b: Held): boolean {
  if (a.kind !== 'python' && b.kind !== 'python') return false
  return a.kind !== b.kind || (a.kind === 'python' && b.kind === 'python' && a.file.sha256 !== b.file.sha256)
}
