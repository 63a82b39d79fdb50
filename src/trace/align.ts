import type { Manifest, PythonFile } from '../model/manifest.ts'
import { comparePaths, joinPath, type Path, parentPath, relativePath } from '../model/path.ts'
import type { Stage } from '../model/stage.ts'
import type { PathMapping, Trace } from '../model/trace.ts'
import { learnMappings } from './learn-mappings.ts'
import { isLibrary } from './library-directory.ts'

export interface Alignment {
  /** Sorted by path, bytewise. */
  readonly traces: readonly Trace[]
  /** By the name of the image's stage. Empty where nothing of the source was found in the image. */
  readonly mappings: ReadonlyMap<string, readonly PathMapping[]>
}

export interface AlignOptions {
  /** The part of the repository that is looked at. */
  readonly sourceDirectory: Path
  /** Given by the user; then nothing is learned. */
  readonly mappings: readonly PathMapping[]
  /** `WorkingDir` of each image, by the name of its stage. */
  readonly workingDirectories: ReadonlyMap<string, Path>
}

/**
 * One trace for each file: where it stands at every stage. Files of an image count only where the source went; an image
 * in which nothing of the source was found gives no step.
 */
export function align(manifests: readonly Manifest[], options: AlignOptions): Alignment {
  const source = manifests.filter(({ stage }) => stage.place !== 'image').map(({ python }) => python)
  const paths = new Set(source.flatMap(files => [...files.keys()]))
  const directories = new Set([...paths].flatMap(ancestors))
  const mappings = new Map<string, readonly PathMapping[]>()
  const stages: { readonly stage: Stage; readonly files: ReadonlyMap<Path, PythonFile> }[] = []
  for (const { stage, python } of manifests) {
    const found = stage.place === 'image' ? findMappings(source, python, stage.name, options) : null
    if (found !== null) mappings.set(stage.name, found)
    if (found === null) stages.push({ stage, files: python })
    else if (found.length > 0) stages.push({ stage, files: mapFiles(python, found, paths, directories) })
  }
  const everywhere = new Set(stages.flatMap(({ files }) => [...files.keys()]))
  const traces = [...everywhere].map(path => {
    const steps = stages.map(({ stage, files }) => ({ stage, file: files.get(path) ?? null }))
    return { path: paths.has(path) ? path : steps.find(step => step.file !== null)!.file!.path, steps }
  })
  return { traces: traces.sort((a, b) => comparePaths(a.path, b.path)), mappings }
}

function findMappings(
  source: readonly ReadonlyMap<Path, PythonFile>[],
  image: ReadonlyMap<Path, PythonFile>,
  stageName: string,
  options: AlignOptions,
): readonly PathMapping[] {
  if (options.mappings.length > 0) return options.mappings
  const learned = learnMappings(source, image)
  if (learned.length > 0) return learned
  const workingDirectory = options.workingDirectories.get(stageName)
  if (workingDirectory === undefined) return []
  const mapping = { imageDirectory: workingDirectory, sourceDirectory: options.sourceDirectory, votes: 0 } as const
  const holdsSource = [...image.keys()].some(path => {
    const sourcePath = toSource(path, mapping)
    return sourcePath !== null && source.some(files => files.has(sourcePath))
  })
  return holdsSource ? [{ ...mapping, from: 'working-directory' }] : []
}

/**
 * The image's files under their paths in the source, as far as they belong to it: known there, or beside one that is
 * (not in the image's root nor among installed packages, where much stands that is nobody's source).
 * Of two places of one file the one of the stronger mapping counts.
 */
function mapFiles(
  image: ReadonlyMap<Path, PythonFile>,
  mappings: readonly PathMapping[],
  paths: ReadonlySet<Path>,
  directories: ReadonlySet<Path>,
): Map<Path, PythonFile> {
  const files = new Map<Path, PythonFile>()
  for (const mapping of mappings) {
    const besideCounts = mapping.imageDirectory !== '' && !isLibrary(mapping.imageDirectory)
    for (const [imagePath, file] of image) {
      const path = toSource(imagePath, mapping)
      if (path === null || files.has(path)) continue
      if (paths.has(path) || (besideCounts && directories.has(parentPath(path)))) files.set(path, file)
    }
  }
  return files
}

function toSource(imagePath: Path, mapping: Pick<PathMapping, 'imageDirectory' | 'sourceDirectory'>): Path | null {
  const rest = relativePath(mapping.imageDirectory, imagePath)
  return rest === null ? null : joinPath(mapping.sourceDirectory, rest)
}

function ancestors(path: Path): Path[] {
  const found: Path[] = []
  for (let directory = parentPath(path); ; directory = parentPath(directory)) {
    found.push(directory)
    if (directory === '') return found
  }
}
