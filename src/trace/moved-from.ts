import type { Placement } from '../model/build.ts'
import type { Manifest } from '../model/manifest.ts'
import { joinPath, type Path, relativePath } from '../model/path.ts'
import type { MovedDirectory, PathMapping } from '../model/trace.ts'

/** What an image holds, what its layers deleted, and where its Dockerfile puts the source. */
export interface MovedIn {
  readonly image: Manifest['python']
  readonly deleted: Manifest['deleted']
  readonly placements: readonly Placement[]
}

/**
 * Where the files of a mapping were put until one layer took them to where they are; undefined unless that holds of each of
 * them: the same layer has deleted it where the Dockerfile put it and has written it where it is.
 */
export function movedFrom(
  { imageDirectory, sourceDirectory }: PathMapping,
  { image, deleted, placements }: MovedIn,
): MovedDirectory | undefined {
  const moves = placements.flatMap(({ path, imagePath }) => {
    const rest = relativePath(sourceDirectory, path)
    const layer = rest === null ? undefined : image.get(joinPath(imageDirectory, rest))?.layer
    if (!rest || layer === undefined) return []
    const from = deleted.get(imagePath) === layer ? withoutEnding(imagePath, rest) : null
    return [from === null ? null : { from, layer }]
  })
  const [first] = moves
  const isSame = (each: MovedDirectory | null) => each?.from === first?.from && each?.layer === first?.layer
  return first != null && moves.every(isSame) ? first : undefined
}

function withoutEnding(path: Path, ending: Path): Path | null {
  if (path === ending) return '' as Path
  return path.endsWith(`/${ending}`) ? (path.slice(0, -ending.length - 1) as Path) : null
}
