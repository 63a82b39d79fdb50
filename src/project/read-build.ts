import type { Path } from '../model/path.ts'
import { joinPath } from '../model/path.ts'
import { attempt } from './attempt.ts'
import { type BuildOptions, plainBuild } from './base-image.ts'
import { buildConfigOf, buildOf, cloudBuild, dockerfileOf } from './cloud-build.ts'
import { type Builder, type DockerIgnore, dockerIgnore } from './docker-ignore.ts'
import type { ProjectFile, ReadFile } from './project-file.ts'
import type { ProjectPlace } from './project-place.ts'

/** What a Dockerfile is built with, as far as the files of the project tell. */
export interface BuildFiles {
  readonly dockerfile: ProjectFile
  readonly options: BuildOptions
  /** The directory of the repository that is sent to the build. */
  readonly context: Path
  /** The ignore file that this builder reads. Null when there is none. */
  readonly ignore: (builder: Builder) => DockerIgnore | null
  /** What was seen and not used, and why. */
  readonly remarks: readonly string[]
}

/**
 * The Dockerfile that makes the images, and what goes with it; null when there is none. `<Dockerfile>.dockerignore` is read
 * by BuildKit only, which then does not read the other.
 */
export async function readBuild(read: ReadFile, place: ProjectPlace): Promise<BuildFiles | null> {
  const described = await attempt(read, buildConfigOf(place), file => ({
    value: cloudBuild(file, place.source),
    remarks: [],
  }))
  const path = dockerfileOf(place, described?.value ?? null)
  const bytes = await read(path)
  if (bytes === null) return null
  const build = described?.value ? buildOf(described.value, path) : null
  const context = build?.context ?? place.source
  const own = await attempt(read, `${path}.dockerignore` as Path, ignoreFile)
  const common = await attempt(read, joinPath(context, '.dockerignore'), ignoreFile)
  return {
    dockerfile: { path, bytes },
    options: build ?? plainBuild,
    context,
    ignore: builder => (builder === 'buildkit' && own !== null ? own : common)?.value?.by[builder] ?? null,
    remarks: [...(own?.remarks ?? []), ...(common?.remarks ?? [])],
  }
}

function ignoreFile(file: ProjectFile) {
  const by = { legacy: dockerIgnore(file, 'legacy'), buildkit: dockerIgnore(file, 'buildkit') }
  return { value: { by }, remarks: [] }
}

/**
 * Which builder made an image, by the newest layer whose instruction tells; null when none does. `# buildkit` and `#(nop)` are
 * what the two write behind and before an instruction.
 */
export function builderOf(layers: readonly { readonly createdBy: string | null }[]): Builder | null {
  const telling = layers.findLast(({ createdBy }) => /# buildkit$|#\(nop\) +(?:COPY|ADD) /.test(createdBy ?? ''))
  if (telling === undefined) return null
  return telling.createdBy!.endsWith('# buildkit') ? 'buildkit' : 'legacy'
}
