import { type Path, parsePath, rootPath } from '../../model/path.ts'
import type { TarEntry } from './tar.ts'

/**
 * The one folder that all members stand in and that is not part of the commit they are of; the root when there is none.
 * Reads to the end. Where more members have a path of the commit without the folder than with it, the folder is the forge's,
 * else the repository's own. Where none has one, or no paths are known, nothing tells, and it is taken for the forge's.
 */
export async function leadingFolder(
  members: AsyncIterable<TarEntry>,
  isOfCommit: (path: Path) => boolean,
): Promise<Path> {
  let folder: Path | null = null
  let isCommon = true
  const matches = { with: 0, without: 0 }
  for await (const { name, kind } of members) {
    const path = parsePath(name) ?? rootPath
    const [first = '', ...rest] = path.split('/')
    folder ??= first as Path
    isCommon &&= first === folder && (rest.length > 0 || kind === 'directory')
    if (kind === 'directory') continue
    if (isOfCommit(path)) matches.with += 1
    if (isOfCommit(rest.join('/') as Path)) matches.without += 1
  }
  const isRepositorys = matches.with > 0 && matches.with >= matches.without
  return isCommon && folder !== null && !isRepositorys ? folder : rootPath
}
