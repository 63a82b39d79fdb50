import { VerifierError } from '../model/errors.ts'
import type { Manifest, PythonFile } from '../model/manifest.ts'
import type { Path } from '../model/path.ts'
import type { ImageFacts } from '../model/source.ts'
import type { NewDirectory, Trace, WithoutSource } from '../model/trace.ts'
import type { Plan } from '../plan.ts'
import { type ImageBuilds, imageBuilds } from '../project/image-builds.ts'
import { type Alignment, align } from '../trace/align.ts'
import { alignImages } from '../trace/align-images.ts'
import { imagesWithoutSource } from '../trace/images-without-source.ts'
import { installedTraces } from '../trace/installed-traces.ts'
import { newDirectories } from '../trace/new-directories.ts'
import type { Stages } from './read-stages.ts'

/** The files of a run, each over the stages. */
export interface Files {
  readonly traces: readonly Trace[]
  readonly mappings: Alignment['mappings']
  readonly unmapped: readonly WithoutSource[]
  /** What the Dockerfile makes of what goes up, for each image. */
  readonly builds: ImageBuilds
  /** What stands below the source in the images, in directories that the source does not have. */
  readonly newDirectories: readonly NewDirectory[]
  /** What the images have besides, where that is asked for. */
  readonly installed: readonly Trace[]
}

/**
 * Lays the stages side by side.
 *
 * @throws VerifierError when there is no Python file at all.
 */
export function alignFiles(plan: Plan, { manifests, images }: Stages): Files {
  const builds = readBuilds(plan, manifests, images)
  const alignment = alignStages(plan, manifests, { images, builds: builds.plans })
  const { traces } = alignment
  if (traces.length === 0) throw nothingToCheck(plan)
  const isWritten = (stage: string, path: Path) => builds.plans.get(stage)?.written.has(path) === true
  const found = newDirectories(manifests, { ...plan, ...alignment, isWritten })
  const besides = new Set(found.flatMap(({ files }) => files))
  return {
    ...alignment,
    unmapped: imagesWithoutSource(alignment),
    builds,
    newDirectories: found,
    installed: plan.dependencies ? installedTraces(manifests, traces, besides) : [],
  }
}

/** What the Dockerfile makes of what goes up, for each image. */
function readBuilds(plan: Plan, manifests: readonly Manifest[], images: ReadonlyMap<string, ImageFacts>): ImageBuilds {
  const sent = manifests.findLast(({ stage }) => stage.place !== 'image')?.python ?? new Map<Path, PythonFile>()
  const stages = manifests.flatMap(({ stage: { name }, python, deleted }) => {
    const image = images.get(name)
    const [holds, held] = [(path: Path) => python.has(path), (path: Path) => deleted.has(path)]
    return image === undefined ? [] : [{ ...image, name, holds, held }]
  })
  return imageBuilds(plan.dockerBuild, [...sent.keys()], stages)
}

/** The files that are asked about, over the stages. */
function alignStages(
  plan: Plan,
  manifests: readonly Manifest[],
  { images, builds }: { images: ReadonlyMap<string, ImageFacts>; builds: ImageBuilds['plans'] },
): Alignment {
  const { sourceDirectory, mappings, isExcluded } = plan
  const workingDirectories = new Map([...images].map(([name, { workingDirectory }]) => [name, workingDirectory]))
  const isImageOnly = manifests.every(({ stage }) => stage.place === 'image')
  const alignment = isImageOnly
    ? alignImages(manifests, workingDirectories)
    : align(manifests, { sourceDirectory, mappings, workingDirectories, builds })
  return { ...alignment, traces: alignment.traces.filter(({ path }) => !isExcluded(path)) }
}

function nothingToCheck({ sources }: Plan): VerifierError {
  const stages = sources.map(({ stage }) => stage.name).join(', ')
  return new VerifierError(
    'nothing-to-check',
    `nothing to check: no Python file in ${stages}; check --repo, --source and --exclude`,
  )
}
