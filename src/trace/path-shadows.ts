import { posix } from 'node:path'
import type { PathShadow } from '../model/image-description.ts'
import type { Manifest, PythonFile } from '../model/manifest.ts'
import { comparePaths, joinPath, type Path, parsePath, relativePath } from '../model/path.ts'
import type { PathMapping } from '../model/trace.ts'
import { isLibrary } from './library-directory.ts'

/** Where an image keeps the source, and where its Python looks besides. */
export interface SearchPath {
  readonly mappings: readonly PathMapping[]
  /** The value of PYTHONPATH. */
  readonly pythonPath: string
  readonly workingDirectory: Path
}

/**
 * The directories of PYTHONPATH, outside of where the source is, that hold files of the source under the same names with
 * other bytes.
 */
export function pathShadows(
  { python }: Pick<Manifest, 'python'>,
  { mappings, pythonPath, workingDirectory }: SearchPath,
): readonly PathShadow[] {
  const places = mappings.filter(({ imageDirectory }) => !python.has(imageDirectory))
  return pythonPath.split(':').flatMap(named => {
    const directory = named === '' ? null : parsePath(posix.resolve('/', workingDirectory, named))
    if (directory === null || places.some(each => relativePath(each.imageDirectory, directory) !== null)) return []
    return places.flatMap(({ imageDirectory }) => {
      const files = twins(python, imageDirectory, directory)
      return files.length === 0 ? [] : [{ directory: named, isFirst: isLibrary(imageDirectory), files }]
    })
  })
}

function twins(python: ReadonlyMap<Path, PythonFile>, source: Path, other: Path): PathShadow['files'] {
  const found = [...python.values()].flatMap(file => {
    const below = relativePath(other, file.path)
    const own = below === null ? undefined : python.get(joinPath(source, below))
    return own === undefined || own.sha256 === file.sha256 ? [] : [{ path: file.path, insteadOf: own.path }]
  })
  return found.sort((a, b) => comparePaths(a.path, b.path))
}
