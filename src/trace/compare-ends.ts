import type { PythonFile } from '../model/manifest.ts'
import { joinPath, type Path, relativePath } from '../model/path.ts'
import type { PathMapping } from '../model/trace.ts'

type Files = ReadonlyMap<Path, PythonFile>

/** The two ends of a mapping, in numbers of files. */
export interface Ends {
  /** In the directory of the source, at any of its stages. */
  readonly held: number
  /** Of those, in the directory of the image as well. */
  readonly compared: number
  /** Of those, with the bytes of one of the stages. */
  readonly equal: number
}

/** How far a directory of an image holds what a directory of the source does. */
export function compareEnds(
  { imageDirectory, sourceDirectory }: Pick<PathMapping, 'imageDirectory' | 'sourceDirectory'>,
  source: readonly Files[],
  image: Files,
): Ends {
  let [held, compared, equal] = [0, 0, 0]
  for (const path of new Set(source.flatMap(files => [...files.keys()]))) {
    const rest = relativePath(sourceDirectory, path)
    if (rest === null) continue
    held += 1
    const file = image.get(joinPath(imageDirectory, rest))
    if (file === undefined) continue
    compared += 1
    if (source.some(files => files.get(path)?.sha256 === file.sha256)) equal += 1
  }
  return { held, compared, equal }
}
