import { joinPath, type Path, parentPath, rootPath } from './path.ts'

/** As Linux follows at most on one way. */
const mostLinks = 40

/**
 * Where a path leads in the end, as Linux walks it: through the links of its directories and its own, with `..` from where it
 * stands by then, and never out of the root. Null where it takes more links than Linux follows, as where they lead in circles.
 *
 * @param targetOf the text of the link that stands at a path; undefined where no link does.
 */
export function followLinks(path: string, targetOf: (at: Path) => string | undefined): Path | null {
  let followed = 0
  let at = rootPath
  const names = path.split('/').reverse()
  for (let name = names.pop(); name !== undefined; name = names.pop()) {
    if (name === '..') at = parentPath(at)
    if (name === '..' || name === '.' || name === '') continue
    const next = joinPath(at, name)
    const target = targetOf(next)
    if (target === undefined) at = next
    else {
      followed += 1
      if (followed > mostLinks) return null
      if (target.startsWith('/')) at = rootPath
      names.push(...target.split('/').reverse())
    }
  }
  return at
}
