import type { Path } from '../model/path.ts'
import type { Held } from './held.ts'
import type { Outcome } from './overlay.ts'
import type { Versions } from './versions.ts'

/** Python files that were in a layer, and are not there in the end because a later layer deleted them; by that layer. */
export function deletedFiles(versions: Versions<Held>, { isThere, deletedBy }: Outcome): Map<Path, number> {
  const deleted = new Map<Path, number>()
  versions.each((number, { held }) => {
    if (held.kind !== 'python' || isThere(number)) return
    const by = deletedBy(number)
    if (by !== null && by > held.file.layer) deleted.set(held.file.path, by)
  })
  return deleted
}
