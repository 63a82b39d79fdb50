import type { Sha256 } from '../model/digest.ts'
import type { Manifest, PythonFile } from '../model/manifest.ts'
import { directoriesAbove, joinPath, type Path, parentPath, relativePath } from '../model/path.ts'
import type { NewDirectory, PathMapping, Trace } from '../model/trace.ts'
import type { Alignment } from './align.ts'
import { isLibrary, libraryTrees } from './library-directory.ts'
import { isShared } from './shared-directory.ts'

/** What is known of the source and of where images keep it. */
export interface KnownPlaces extends Alignment {
  /** The part of the repository that is looked at: of others nobody knows what they hold. */
  readonly sourceDirectory: Path
  /** By a path in the repository, or in the image where it is only there. */
  readonly isExcluded: (path: Path) => boolean
  /** Whether the Dockerfile of an image's stage itself holds the file. */
  readonly isWritten: (stage: string, path: Path) => boolean
}

/**
 * The topmost directories of images that stand below one of the source, in which no stage of the source has a Python file, and the
 * images have some of other bytes than any of the source's: by stage, directory and layer, in the order of their first files.
 * What is hidden, and what packages, virtual environments and the system keep, is none.
 */
export function newDirectories(manifests: readonly Manifest[], known: KnownPlaces): readonly NewDirectory[] {
  const source = manifests.filter(({ stage }) => stage.place !== 'image')
  const held: HeldBySource = {
    directories: new Set(
      source
        .flatMap(({ python }) => [...python.keys()].flatMap(directoriesAbove))
        .filter(directory => relativePath(known.sourceDirectory, directory) !== null),
    ),
    contents: new Set(source.flatMap(({ python }) => [...python.values()].map(({ sha256 }) => sha256))),
    unlisted: new Set(source.flatMap(({ gitlinks, links }) => [...gitlinks.keys(), ...links.keys()])),
  }
  const images = source.length === 0 ? [] : manifests.filter(({ stage }) => stage.place === 'image')
  return images.flatMap(image => {
    const found = gathered(newFiles(image, held, known), { stage: image.stage, before: source.at(-1)!.stage })
    return found.filter(({ files }) => files.some(each => isOfItsOwn(each, held)))
  })
}

/** What the stages before the images hold. */
interface HeldBySource {
  /** With Python files in them or below. */
  readonly directories: ReadonlySet<Path>
  readonly contents: ReadonlySet<Sha256>
  /** What leads to files that the stages do not list: submodules and symbolic links. */
  readonly unlisted: ReadonlySet<Path>
}

function isOfItsOwn({ kind, size, sha256 }: PythonFile, { contents }: HeldBySource): boolean {
  return kind === 'file' && size > 0 && !contents.has(sha256)
}

/** A file, and the topmost directory above it that the source does not have. */
interface NewFile {
  readonly directory: Path
  readonly file: PythonFile
}

function* newFiles(
  { stage, python, notes }: Manifest,
  held: HeldBySource,
  { traces, mappings, isExcluded, isWritten }: KnownPlaces,
): Generator<NewFile> {
  const ofSource = filesOf(traces, stage.name)
  const places = placesOf(mappings.get(stage.name) ?? [], held, new Set([...ofSource].flatMap(directoriesOf)))
  const trees = libraryTrees(notes)
  for (const [path, file] of python) {
    if (ofSource.has(file) || isLibrary(parentPath(path)) || isExcluded(path) || isWritten(stage.name, path)) continue
    const found = topmostNew(path, places, trees)
    if (found === null || isExcluded(found.sourcePath)) continue
    if (!directoriesAbove(found.sourcePath).some(each => held.unlisted.has(each)))
      yield { directory: found.directory, file }
  }
}

function gathered(found: Iterable<NewFile>, stages: Pick<NewDirectory, 'stage' | 'before'>): readonly NewDirectory[] {
  const groups = new Map<string, NewDirectory & { readonly files: PythonFile[] }>()
  for (const { directory, file } of found) {
    const key = `${file.layer} ${directory}`
    const known = groups.get(key)
    if (known === undefined) groups.set(key, { ...stages, directory, layer: file.layer, files: [file] })
    else known.files.push(file)
  }
  return [...groups.values()]
}

/** What an image holds of the source, and beside it. */
function filesOf(traces: readonly Trace[], stage: string): ReadonlySet<PythonFile> {
  const steps = traces.flatMap(trace => trace.steps.filter(step => step.stage.name === stage))
  return new Set(steps.flatMap(({ file, elsewhere = [] }) => (file === null ? elsewhere : [file, ...elsewhere])))
}

function directoriesOf({ path }: PythonFile): readonly Path[] {
  return directoriesAbove(path)
}

/** The directories of an image that hold one of the source, with that one. The strongest mapping counts. */
function placesOf(
  mappings: readonly PathMapping[],
  { directories }: HeldBySource,
  holding: ReadonlySet<Path>,
): ReadonlyMap<Path, Path> {
  const places = new Map<Path, Path>()
  for (const { imageDirectory, sourceDirectory } of mappings) {
    for (const directory of directories) {
      const rest = relativePath(sourceDirectory, directory)
      const place = rest === null ? null : joinPath(imageDirectory, rest)
      if (place !== null && holding.has(place) && !places.has(place)) places.set(place, directory)
    }
  }
  return places
}

/** Goes up from a file to the next directory of the source; null where the file is in that one, or not below any, or none of its own. */
function topmostNew(
  path: Path,
  places: ReadonlyMap<Path, Path>,
  trees: ReadonlySet<Path>,
): { readonly directory: Path; readonly sourcePath: Path } | null {
  let top: Path | null = null
  for (const directory of directoriesAbove(path)) {
    if (trees.has(directory)) return null
    const sourceDirectory = places.get(directory)
    if (sourceDirectory === undefined) top = directory
    else if (top === null || isShared(directory)) return null
    else {
      const rest = relativePath(directory, path)!
      return isKeptApart(rest) ? null : { directory: top, sourcePath: joinPath(sourceDirectory, rest) }
    }
  }
  return null
}

/** Whether a path leads through a directory that Python does not import from, or that others fill. */
function isKeptApart(path: Path): boolean {
  return /(?:^|\/)(?:\.[^/]*|__pycache__|node_modules)\//.test(path)
}
