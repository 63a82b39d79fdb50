import type { BuildPlan, Instruction } from '../model/build.ts'
import type { Path } from '../model/path.ts'
import { buildPlan } from './build-plan.ts'
import { type BuildFiles, builderOf } from './read-build.ts'

/** An image, as far as a build of it is concerned. */
export interface BuiltStage {
  readonly name: string
  readonly layers: readonly { readonly createdBy: string | null }[]
  readonly workingDirectory: Path
  readonly holds: (path: Path) => boolean
  /** Whether a layer held it, and a later one deleted it. */
  readonly held: (path: Path) => boolean
}

export interface ImageBuilds {
  /** By the name of the image's stage; nothing for one that the Dockerfile cannot have made. */
  readonly plans: ReadonlyMap<string, BuildPlan>
  readonly remarks: readonly string[]
}

/** What the Dockerfile says of where an image that it made keeps these files of the repository. */
export function imageBuild(
  build: BuildFiles,
  paths: readonly Path[],
  { layers, workingDirectory }: Pick<BuiltStage, 'layers' | 'workingDirectory'>,
): BuildPlan {
  const ignore = build.ignore(builderOf(layers) ?? 'buildkit') ?? (() => null)
  return buildPlan({ ...build, ignore }, paths, workingDirectory)
}

/**
 * What the Dockerfile says of where each image keeps these files of the repository. It speaks only for an image that holds at
 * least one file where it puts one, or that held one until a layer deleted it. Where it puts none, as only what a stage has installed
 * goes on, it speaks for an image with a layer of a COPY out of a stage.
 */
export function imageBuilds(
  build: BuildFiles | null,
  paths: readonly Path[],
  images: readonly BuiltStage[],
): ImageBuilds {
  const plans = new Map<string, BuildPlan>()
  const remarks: string[] = []
  if (build === null || images.length === 0) return { plans, remarks }
  for (const { name, holds, held, layers, workingDirectory } of images) {
    const plan = imageBuild(build, paths, { layers, workingDirectory })
    if (plan.placements.some(({ imagePath }) => holds(imagePath) || held(imagePath))) plans.set(name, plan)
    else if (plan.placements.length > 0)
      remarks.push(
        `${build.dockerfile.path} tells nothing of ${name}, as nothing is where it puts it: another one made it, or links lead elsewhere`,
      )
    else if (plan.stageCopies.some(copied => layers.some(({ createdBy }) => isOf(createdBy ?? '', copied))))
      plans.set(name, { ...plan, incomplete: true })
    for (const [path, { from }] of plan.written) {
      if (plans.has(name) && holds(path)) remarks.push(`${from} itself writes /${path}, which no source has`)
    }
  }
  return { plans, remarks: [...build.remarks, ...remarks] }
}

/** Whether a layer is told to be of a COPY: by its words without options, as BuildKit has them, or by where it leads. */
function isOf(createdBy: string, { text }: Instruction): boolean {
  const words = text.split(/\s+/).filter(word => !word.startsWith('--'))
  const made = createdBy.replace(/ # buildkit$/, '').trimEnd()
  return (
    made === words.join(' ') || made === text || (/#\(nop\) COPY /.test(made) && made.endsWith(` in ${words.at(-1)}`))
  )
}
