import { followLinks } from '../../model/follow-links.ts'
import { baseName, joinPath, type Path, parentPath, rootPath } from '../../model/path.ts'
import type { Fail } from '../failure.ts'

/** The symbolic links that one layer has made so far. */
export interface LayerLinks {
  /**
   * Where a record of the layer stands: what is named below a link of the same layer goes to where that leads, as an engine
   * unpacks it. One of a layer below is not followed: a directory takes its place.
   *
   * @throws what `fail` makes, where links lead in circles.
   */
  place(path: Path): Path
  /** Takes note of a record at its place; `target` where it is a link. */
  note(place: Path, target: string | null): void
}

export function layerLinks(fail: Fail): LayerLinks {
  const links = new Map<Path, string>()
  let last = { parent: rootPath, directory: rootPath }
  return {
    place(path) {
      const parent = parentPath(path)
      if (links.size === 0 || parent === '') return path
      if (parent !== last.parent) {
        const directory = followLinks(parent, at => links.get(at))
        if (directory === null) throw fail('its links lead in circles; such an image is not read')
        last = { parent, directory }
      }
      return joinPath(last.directory, baseName(path))
    },
    note(place, target) {
      if (target === null && !links.delete(place)) return
      if (target !== null) links.set(place, target)
      last = { parent: rootPath, directory: rootPath }
    },
  }
}
