import type { BuildPlan, Placement } from '../model/build.ts'
import type { Manifest, PythonFile } from '../model/manifest.ts'
import { joinPath, type Path, relativePath } from '../model/path.ts'
import type { CheckedMapping, PathMapping } from '../model/trace.ts'
import { compareEnds } from './compare-ends.ts'
import { isInPackage, type LearnedMapping, learnMappings } from './learn-mappings.ts'
import { isLibrary } from './library-directory.ts'
import { movedFrom } from './moved-from.ts'

type Files = ReadonlyMap<Path, PythonFile>

export interface MappingHints {
  /** The part of the repository that is looked at. */
  readonly sourceDirectory: Path
  /** Given by the user; then nothing is learned. */
  readonly mappings: readonly PathMapping[]
  /** `WorkingDir` of the image. */
  readonly workingDirectory: Path | undefined
  /** What the layers of the image deleted, and which. */
  readonly deleted: Manifest['deleted']
  /** Where the image's build puts the source; undefined where nothing tells. */
  readonly build: BuildPlan | undefined
}

/** Where an image keeps the source: what content tells, what the Dockerfile adds; where neither tells, its working directory. */
export function findMappings(source: readonly Files[], image: Files, hints: MappingHints): readonly CheckedMapping[] {
  const placements = hints.build?.placements.filter(({ imagePath }) => image.has(imagePath)) ?? []
  return chooseMappings(source, image, { ...hints, placements }).map(mapping => {
    const { compared, equal } = compareEnds(mapping, source, image)
    const saidBy = placements.find(each => isSame(each, mapping))?.by.from ?? null
    const isTold = mapping.from !== 'content' || saidBy !== null
    return { ...mapping, compared, equal, saidBy, ...(isTold ? {} : movedTo(mapping, source, { ...hints, image })) }
  })
}

/** How the files of a mapping came there, where a layer took them from where the Dockerfile put them. */
function movedTo(
  mapping: PathMapping,
  source: readonly Files[],
  { image, deleted, build }: MappingHints & { readonly image: Files },
): Pick<CheckedMapping, 'moved'> {
  if (isLibrary(mapping.imageDirectory)) return {}
  const moved = movedFrom(mapping, { image, deleted, placements: build?.placements ?? [] })
  return moved === undefined ? {} : { moved: { ...moved, isPackage: isInPackage(mapping.sourceDirectory, source) } }
}

function chooseMappings(
  source: readonly Files[],
  image: Files,
  hints: MappingHints & { readonly placements: readonly Placement[] },
): readonly PathMapping[] {
  if (hints.mappings.length > 0) return hints.mappings
  const learned = learnMappings(source, image)
  const found = learned.filter(mapping => mapping.onlyBy === null || isBorneOut(mapping, image, hints)).map(told)
  for (const { imageDirectory, sourceDirectory, ...placement } of hints.placements) {
    if (found.some(mapping => isSame({ imageDirectory, sourceDirectory, ...placement }, mapping))) continue
    found.push({ imageDirectory, sourceDirectory, from: 'dockerfile', votes: 0 })
  }
  const { workingDirectory, sourceDirectory } = hints
  if (found.length > 0 || workingDirectory === undefined) return found
  const mapping = { imageDirectory: workingDirectory, sourceDirectory, from: 'working-directory', votes: 0 } as const
  return compareEnds(mapping, source, image).compared > 0 ? [mapping] : []
}

function told({ onlyBy: _, ...mapping }: LearnedMapping): PathMapping {
  return mapping
}

/** Whether the image says of the one file that speaks for a mapping that it is there, or its build, or that a layer took it there. */
function isBorneOut(
  mapping: LearnedMapping,
  image: Files,
  { build, deleted, workingDirectory, sourceDirectory }: MappingHints,
): boolean {
  const at = toImage(mapping.onlyBy!, mapping)!
  const isMoved = (from: Path) => deleted.has(from) && deleted.get(from) === image.get(at)?.layer
  const inDirectory = relativePath(sourceDirectory, mapping.onlyBy!)
  if (workingDirectory !== undefined && inDirectory !== null && joinPath(workingDirectory, inDirectory) === at)
    return true
  return (build?.placements ?? []).some(
    ({ path, imagePath }) => path === mapping.onlyBy && (imagePath === at || isMoved(imagePath)),
  )
}

/** Whether a mapping puts a file where the Dockerfile does. */
function isSame({ path, imagePath }: Placement, mapping: PathMapping): boolean {
  return toSource(imagePath, mapping) === path
}

/** The path in the source that a mapping gives to a path of the image; null where it says nothing of it. */
export function toSource(
  imagePath: Path,
  mapping: Pick<PathMapping, 'imageDirectory' | 'sourceDirectory'>,
): Path | null {
  const rest = relativePath(mapping.imageDirectory, imagePath)
  return rest === null ? null : joinPath(mapping.sourceDirectory, rest)
}

/** The path in an image that a mapping gives to a path of the source; null where it says nothing of it. */
export function toImage(path: Path, mapping: Pick<PathMapping, 'imageDirectory' | 'sourceDirectory'>): Path | null {
  const rest = relativePath(mapping.sourceDirectory, path)
  return rest === null ? null : joinPath(mapping.imageDirectory, rest)
}
