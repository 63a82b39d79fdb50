import { readFile } from 'node:fs/promises'
import type { AttributeLine } from '../../model/git-facts.ts'
import { joinPath, type Path, parentPath } from '../../model/path.ts'
import { systemName } from '../disk.ts'
import { gitAttributes } from './git-attributes.ts'
import type { Repository } from './repository.ts'

/** The paths that `git archive` leaves out, or a directory above which it does, and where that is said. */
export async function exportIgnored(
  repository: Repository,
  paths: readonly Path[],
): Promise<ReadonlyMap<Path, AttributeLine>> {
  const everything = new Set(paths.flatMap(withParents))
  const attributes = await gitAttributes(repository, [...everything], ['export-ignore'])
  const isLeftOut = (path: Path) => attributes.get(path)?.get('export-ignore') === 'set'
  const found = new Map<Path, AttributeLine>()
  for (const path of paths) {
    const above = withParents(path).find(isLeftOut)
    if (above !== undefined) found.set(path, await lineFor(repository, above))
  }
  return found
}

/** The path and every directory above it, the nearest first. */
function withParents(path: Path): Path[] {
  const found = [path]
  for (let parent = parentPath(path); parent !== ''; parent = parentPath(parent)) found.push(parent)
  return found
}

/** The only line that sets the attribute, in the files that speak of the path; several leave it open which. */
async function lineFor({ directory: folder }: Repository, path: Path): Promise<AttributeLine> {
  const lines: AttributeLine[] = []
  for (const directory of [...withParents(path).slice(1), '' as Path]) {
    const file = joinPath(directory, '.gitattributes')
    const name = systemName({ folder, path: file })
    // A file that is not there sets nothing.
    const text = name === null ? '' : await readFile(name, 'utf8').catch(() => '')
    for (const [i, line] of text.split(/\r?\n/).entries()) {
      if (/\sexport-ignore(?:\s|$)/.test(line) && !line.startsWith('#')) lines.push({ file, line: i + 1, text: line })
    }
  }
  return lines.length === 1 ? lines[0]! : { file: '.gitattributes', line: null, text: 'export-ignore' }
}
