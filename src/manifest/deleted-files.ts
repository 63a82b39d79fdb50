import { type Path, parentPath } from '../model/path.ts'
import type { LayerChanges } from './overlay.ts'

/** Python files that were in a layer, and are not there in the end because a later layer deleted them; by that layer. */
export function deletedFiles(layers: readonly LayerChanges[], isHeld: (path: Path) => boolean): Map<Path, number> {
  const deletions = new Map<Path, number>()
  for (const [index, { whiteouts, opaque }] of layers.entries()) {
    for (const path of [...whiteouts, ...opaque]) deletions.set(path, index)
  }
  const deleted = new Map<Path, number>()
  if (deletions.size === 0) return deleted
  for (const [index, { held }] of layers.entries()) {
    for (const [path, { kind }] of held) {
      if (kind !== 'python' || isHeld(path)) continue
      const by = Math.max(...deletionsOver(path, deletions))
      if (by > index) deleted.set(path, by)
    }
  }
  return deleted
}

/** The layers that deleted a path or a directory above it; never none. */
function deletionsOver(path: Path, deletions: ReadonlyMap<Path, number>): number[] {
  const found = [-1]
  for (let at = path; ; at = parentPath(at)) {
    found.push(deletions.get(at) ?? -1)
    if (at === '') return found
  }
}
