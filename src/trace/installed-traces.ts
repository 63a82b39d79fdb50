import type { Manifest, PythonFile } from '../model/manifest.ts'
import { comparePaths, type Path, parentPath } from '../model/path.ts'
import type { Step, Trace } from '../model/trace.ts'
import { isLibrary } from './library-directory.ts'

/**
 * One trace for each Python file that stands among the packages or in the standard library of an image, or is one of `besides`, and
 * in none of `traces`, which are those of the source; sorted by path, bytewise. A trace has a step for each image that holds the path.
 */
export function installedTraces(
  manifests: readonly Manifest[],
  traces: readonly Trace[],
  besides: ReadonlySet<PythonFile>,
): readonly Trace[] {
  const ofSource = new Set(traces.flatMap(({ steps }) => steps.map(({ file }) => file)))
  const steps = new Map<Path, Step[]>()
  for (const { stage, python } of manifests.filter(({ stage }) => stage.place === 'image')) {
    for (const [path, file] of python) {
      if (ofSource.has(file) || !(isLibrary(parentPath(path)) || besides.has(file))) continue
      steps.set(path, [...(steps.get(path) ?? []), { stage, file }])
    }
  }
  const installed = [...steps].map(([path, held]) => ({ path, steps: held }))
  return installed.sort((a, b) => comparePaths(a.path, b.path))
}
