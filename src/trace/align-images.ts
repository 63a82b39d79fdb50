import type { Manifest } from '../model/manifest.ts'
import { comparePaths, type Path, parentPath, relativePath } from '../model/path.ts'
import type { CheckedMapping, Step } from '../model/trace.ts'
import type { Alignment } from './align.ts'
import { isLibrary } from './library-directory.ts'

/**
 * Images by themselves, without any source to hold them against: one trace for each Python file of the working directory, or,
 * where that is the root, of everything that is neither installed nor the system's, under its path in the image.
 *
 * @param workingDirectories by the name of the image's stage.
 */
export function alignImages(manifests: readonly Manifest[], workingDirectories: ReadonlyMap<string, Path>): Alignment {
  const steps = new Map<Path, Step[]>()
  const mappings = new Map<string, readonly CheckedMapping[]>()
  for (const { stage, python } of manifests) {
    const directory = workingDirectories.get(stage.name) ?? ('' as Path)
    mappings.set(stage.name, [identity(directory)])
    for (const [path, file] of python) {
      if (!isOwn(path, directory)) continue
      const known = steps.get(path)
      if (known === undefined) steps.set(path, [{ stage, file }])
      else known.push({ stage, file })
    }
  }
  const traces = [...steps].map(([path, held]) => ({ path, steps: held }))
  return { traces: traces.sort((a, b) => comparePaths(a.path, b.path)), mappings }
}

function isOwn(path: Path, directory: Path): boolean {
  if (isLibrary(parentPath(path))) return false
  return directory === ''
    ? !/^(?:usr|lib\d*|s?bin|etc|var|opt|proc|sys)\//.test(path)
    : relativePath(directory, path) !== null
}

function identity(directory: Path): CheckedMapping {
  const ends = { imageDirectory: directory, sourceDirectory: directory }
  return { ...ends, from: 'working-directory', votes: 0, compared: 0, equal: 0, saidBy: null }
}
