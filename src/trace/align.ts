import type { BuildPlan } from '../model/build.ts'
import type { Manifest, PythonFile } from '../model/manifest.ts'
import { comparePaths, directoriesAbove, type Path, parentPath } from '../model/path.ts'
import type { Stage } from '../model/stage.ts'
import type { CheckedMapping, PathMapping, Step, Trace } from '../model/trace.ts'
import { findMappings, toSource } from './find-mappings.ts'
import { isLibrary } from './library-directory.ts'
import { isShared } from './shared-directory.ts'

export interface Alignment {
  /** Sorted by path, bytewise. */
  readonly traces: readonly Trace[]
  /** By the name of the image's stage. Empty where nothing of the source was found in the image. */
  readonly mappings: ReadonlyMap<string, readonly CheckedMapping[]>
}

export interface AlignOptions {
  /** The part of the repository that is looked at. */
  readonly sourceDirectory: Path
  /** Given by the user; then nothing is learned. */
  readonly mappings: readonly PathMapping[]
  /** `WorkingDir` of each image, by the name of its stage. */
  readonly workingDirectories: ReadonlyMap<string, Path>
  /** Where its build puts the source, by the name of the image's stage; nothing for one that no Dockerfile speaks for. */
  readonly builds: ReadonlyMap<string, BuildPlan>
}

/**
 * One trace for each file: where it stands at every stage. Files of an image count only where the source went; an image
 * in which nothing of the source was found gives no step.
 */
export function align(manifests: readonly Manifest[], options: AlignOptions): Alignment {
  const source = manifests.filter(({ stage }) => stage.place !== 'image').map(({ python }) => python)
  const paths = new Set(source.flatMap(files => [...files.keys()]))
  const directories = new Set([...paths].flatMap(directoriesAbove))
  const mappings = new Map<string, readonly CheckedMapping[]>()
  const stages: { readonly stage: Stage; readonly files: ReadonlyMap<Path, Held> }[] = []
  for (const { stage, python, deleted } of manifests) {
    if (stage.place !== 'image') {
      stages.push({ stage, files: new Map([...python].map(([path, file]) => [path, { file }])) })
      continue
    }
    const { workingDirectories, builds } = options
    const hints = { workingDirectory: workingDirectories.get(stage.name), build: builds.get(stage.name), deleted }
    const found = findMappings(source, python, { ...options, ...hints })
    mappings.set(stage.name, found)
    if (found.length > 0) stages.push({ stage, files: mapFiles(python, found, paths, directories) })
  }
  const everywhere = new Set(stages.flatMap(({ files }) => [...files.keys()]))
  const traces = [...everywhere].map(path => {
    const steps = stages.map(({ stage, files }) => ({ stage, ...(files.get(path) ?? { file: null }) }))
    return { path: paths.has(path) ? path : steps.find(step => step.file !== null)!.file!.path, steps }
  })
  return { traces: traces.sort((a, b) => comparePaths(a.path, b.path)), mappings }
}

type Held = Pick<Step, 'file' | 'elsewhere'> & { readonly file: PythonFile }

/**
 * The image's files under their paths in the source, as far as they belong to it: known there, or beside one that is
 * (not among installed packages, nor, where the source went to the root, in what the system has there: nobody's source).
 * Of two places of one file that of the stronger mapping counts, and others are told where they hold other bytes.
 */
function mapFiles(
  image: ReadonlyMap<Path, PythonFile>,
  mappings: readonly PathMapping[],
  paths: ReadonlySet<Path>,
  directories: ReadonlySet<Path>,
): Map<Path, Held> {
  const files = new Map<Path, Held>()
  const placed = new Set<PythonFile>()
  const others: (readonly [Path, PythonFile])[] = []
  const copies = new Set<PythonFile>()
  const place = (mapping: PathMapping, counts: (path: Path, imagePath: Path) => boolean) => {
    for (const [imagePath, file] of image) {
      const path = toSource(imagePath, mapping)
      if (path === null || placed.has(file) || !counts(path, imagePath)) continue
      const known = files.get(path)
      if (known === undefined) {
        files.set(path, { file })
        placed.add(file)
      } else {
        copies.add(file)
        if (known.file.sha256 !== file.sha256) others.push([path, file])
      }
    }
  }
  for (const mapping of mappings) place(mapping, path => paths.has(path))
  // After all that is known, as what is beside one directory may be a file of another under a new name.
  const holding = new Set([...placed].map(({ path }) => parentPath(path)))
  const isOwn = (directory: Path) => holding.has(directory) && !isShared(directory) && !isLibrary(directory)
  for (const mapping of mappings.filter(({ imageDirectory }) => !isLibrary(imageDirectory))) {
    const isBeside = (imagePath: Path) => mapping.imageDirectory !== '' || isOwn(parentPath(imagePath))
    place(
      mapping,
      (path, at) =>
        !copies.has(image.get(at)!) && !paths.has(path) && directories.has(parentPath(path)) && isBeside(at),
    )
  }
  for (const [path, file] of others) {
    const { elsewhere = [], ...held } = files.get(path)!
    if (!placed.has(file)) files.set(path, { ...held, elsewhere: [...elsewhere, file] })
    placed.add(file)
  }
  return files
}
