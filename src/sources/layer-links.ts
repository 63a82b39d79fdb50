import { baseName, joinPath, type Path, parentPath, parsePath, rootPath } from '../model/path.ts'
import type { Fail } from './failure.ts'

/** As Linux follows at most. */
const mostLinks = 40

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
      if (parent !== last.parent) last = { parent, directory: follow(parent, links, fail) }
      return joinPath(last.directory, baseName(path))
    },
    note(place, target) {
      if (target === null && !links.delete(place)) return
      if (target !== null) links.set(place, target)
      last = { parent: rootPath, directory: rootPath }
    },
  }
}

function follow(directory: Path, links: ReadonlyMap<Path, string>, fail: Fail): Path {
  let followed = 0
  let at = rootPath
  const names = directory.split('/').reverse()
  for (let name = names.pop(); name !== undefined; name = names.pop()) {
    if (name === '..') at = parentPath(at)
    if (name === '..' || name === '.' || name === '') continue
    const next = joinPath(at, name)
    const target = links.get(next)
    if (target === undefined) at = next
    else {
      followed += 1
      if (followed > mostLinks) throw fail('its links lead in circles; such an image is not read')
      if (target.startsWith('/')) at = rootPath
      names.push(...target.split('/').reverse())
    }
  }
  return parsePath(at)!
}
