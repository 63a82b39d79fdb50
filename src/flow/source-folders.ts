import { type ImageInterpreter, minorVersion } from '../model/interpreter.ts'
import type { Manifest } from '../model/manifest.ts'
import { joinPath, type Path, parentPath, parsePath, relativePath } from '../model/path.ts'
import type { ImageFacts } from '../model/source.ts'
import type { Plan } from '../plan.ts'
import { imageBuild } from '../project/image-builds.ts'
import { withoutCommonEnding } from '../trace/learn-mappings.ts'

/** Where to look in an image, or why all of it is to be looked at. */
export type Folders = { readonly paths: readonly Path[] } | { readonly reason: string }

/**
 * The folders of an image that hold the source, as far as that is told before it is read and nothing of the source can be elsewhere
 * in it.
 *
 * @param sent what went up.
 */
export function sourceFolders(plan: Plan, stage: string, image: ImageFacts, sent: Manifest): Folders {
  if (plan.dependencies) return { reason: 'as --dependencies asks for what is installed' }
  const own = plan.inImages.find(each => each.stage === stage)
  if (own === undefined) {
    return { reason: 'as its own Python was not asked, and is told by its files' }
  }
  const found = plan.mappings.length > 0 ? mapped(plan) : placed(plan, image, sent)
  if ('reason' in found) return found
  const paths = outermost(found.paths)
  const isCovered = (path: Path) => paths.some(folder => relativePath(folder, path) !== null)
  if (paths.includes('' as Path)) return { reason: 'as the source is at its root' }
  if (image.volumes.some(volume => isCovered(volume) || paths.some(path => relativePath(volume, path) !== null))) {
    return { reason: 'as a volume is mounted where the source is' }
  }
  const elsewhere = pythonFolders(image).find(({ path }) => path === null || !isCovered(path))
  if (elsewhere !== undefined) return { reason: `as ${elsewhere.variable} leads Python elsewhere` }
  return { paths: [...paths, ...programsOf(own), ...tellingFiles(image)] }
}

function mapped({ mappings }: Plan): Folders {
  return { paths: mappings.map(({ imageDirectory }) => imageDirectory) }
}

/** Where the Dockerfile puts the source. */
function placed({ dockerBuild }: Plan, image: ImageFacts, sent: Manifest): Folders {
  if (dockerBuild === null) return { reason: 'as no Dockerfile and no --map tells where it keeps the source' }
  const { placements, runs, written, incomplete } = imageBuild(dockerBuild, [...sent.python.keys()], image)
  if (incomplete || written.size > 0) return { reason: `as ${dockerBuild.dockerfile.path} brings files of elsewhere` }
  if (runs !== null) return { reason: `as ${runs.from} runs where the source is, and may have changed or copied it` }
  if (placements.length === 0) return { reason: `as ${dockerBuild.dockerfile.path} copies none of the source` }
  // As content is to tell it: what stands beside the source counts as well.
  const folders = placements.map(({ path, imagePath, imageDirectory }) => {
    const { imageDirectory: shared } = withoutCommonEnding(imagePath, path)
    return shared === '' ? imageDirectory : shared
  })
  return { paths: folders }
}

/** Without those that stand in another one. */
function outermost(folders: readonly Path[]): Path[] {
  const distinct = [...new Set(folders)]
  return distinct.filter(path => !distinct.some(other => other !== path && relativePath(other, path) !== null))
}

/** Where Python is told to look for sources and bytecode; null for what is no folder of the image. */
function pythonFolders({ environment }: ImageFacts): { readonly variable: string; readonly path: Path | null }[] {
  return ['PYTHONPATH', 'PYTHONPYCACHEPREFIX'].flatMap(variable => {
    const folders = (environment.get(variable) ?? '').split(variable === 'PYTHONPATH' ? ':' : '\0')
    return folders
      .filter(folder => folder !== '')
      .map(folder => ({ variable, path: folder.startsWith('/') ? parsePath(folder) : null }))
  })
}

/** The program, which may be a link to one that has its minor version in its name. */
function programsOf({ executable, version }: ImageInterpreter): Path[] {
  const program = executable === null ? null : parsePath(executable)
  return program === null ? [] : [joinPath(parentPath(program), `python${minorVersion(version)}`)]
}

/** As the names of libraries have them, by what Go calls them. */
const machines: Readonly<Record<string, string>> = { amd64: 'x86_64', arm64: 'aarch64' }

const minors = ['2.7', ...Array.from({ length: 10 }, (_, i) => `3.${i + 6}`)]

/** Single files by which an image shows its distribution and its libc, and the Pythons in the usual places and on its PATH. */
function tellingFiles({ environment, platform }: ImageFacts): Path[] {
  const programs = (environment.get('PATH') ?? '').split(':').flatMap(folder => parsePath(folder) ?? [])
  const prefixes = new Set(['usr/local' as Path, 'usr' as Path, ...programs.map(parentPath)])
  const libraries = [...prefixes]
    .filter(prefix => prefix !== '')
    .flatMap(prefix => minors.flatMap(minor => ['lib', 'lib64'].map(lib => joinPath(prefix, `${lib}/python${minor}`))))
  const machine = machines[platform?.architecture ?? ''] ?? 'x86_64'
  const libc = ['lib', 'usr/lib'].flatMap(lib => [`${lib}/${machine}-linux-gnu/libc.so.6`, `${lib}64/libc.so.6`])
  const system = ['etc/os-release', 'usr/lib/os-release', ...libc, `lib/ld-musl-${machine}.so.1`]
  return [...system.map(path => path as Path), ...libraries.map(osModule)]
}

function osModule(library: Path): Path {
  return joinPath(library, 'os.py')
}
