import { resolve } from 'node:path'
import type { Command } from 'commander'
import { releasedMinors } from '../../interpreters/cast-interpreters.ts'
import { findInterpreters } from '../../interpreters/find-interpreters.ts'
import { pathPython } from '../../interpreters/path-python.ts'
import { compareVersions, type DeclaredVersion, type Interpreter } from '../../model/interpreter.ts'
import { rootPath } from '../../model/path.ts'
import type { Plan } from '../../plan.ts'
import { readProject } from '../../project/read-project.ts'
import { archive } from '../../sources/archive/archive.ts'
import { cacheOption } from '../cache-directory.ts'
import { imagePythons } from '../image-pythons.ts'
import type { Io } from '../io.ts'
import { nativeSearch } from '../native-search.ts'
import { openImages } from '../open-stages.ts'
import { excluding, jobsOption, limitsOption, mappingOption, searchedOption, versionOption } from '../option-values.ts'
import { moreInterpreters, type Surroundings } from '../plan.ts'
import type { VerifyOptions } from '../verify-options.ts'

/**
 * A plan without a repository: the archive and the images by themselves; null where there is neither.
 *
 * @throws VerifierError for whatever cannot be opened.
 */
export async function planWithoutRepository(
  command: Command,
  io: Io,
  { progress, log, decided, uploadOrigin }: Surroundings,
): Promise<Plan | null> {
  const options = { ...command.opts<VerifyOptions>(), ...decided }
  const isArchive = options.upload !== 'none' && options.upload !== 'auto'
  const origin = uploadOrigin === undefined ? {} : { origin: uploadOrigin }
  const limits = limitsOption(options)
  const uploads = isArchive ? [await archive(resolve(io.cwd, options.upload), rootPath, { limits, ...origin })] : []
  const images = await openImages(options, io)
  const sources = [...uploads, ...images]
  if (sources.length === 0) return null
  const cacheDirectory = cacheOption(options, command, { io, log })
  const search = nativeSearch(io, null, cacheDirectory)
  const available = await findInterpreters({ ...search, allow: options.interpreters })
  const asked = await moreInterpreters(options, command, io, available)
  const own = await imagePythons(sources, options, io)
  const dev = versionOption(options.devPython, '--dev-python')
  return {
    sources,
    objectFormat: 'sha1',
    sourceDirectory: rootPath,
    mappings: options.map.map(mappingOption),
    dependencies: options.dependencies,
    isExcluded: excluding(options.exclude),
    dockerBuild: null,
    declarations: await readProject(
      { read: async () => null, list: async () => [] },
      { source: rootPath, dockerfile: null },
    ),
    roles: { deploy: versionOption(options.deployPython, '--deploy-python'), dev },
    pythons: asked.length > 0 ? asked : newestOf(available),
    pathPython: dev === null ? await pathPython(search) : null,
    available,
    inImages: own.inImages,
    history: noHistory,
    ignoreRule: () => null,
    git: null,
    build: null,
    jobs: jobsOption(options.jobs),
    mostSearched: searchedOption(options.verbose),
    cacheDirectory,
    remarks: [...images.flatMap(({ remarks }) => remarks), ...own.remarks],
    progress,
    signal: io.signal,
    log,
  }
}

/** Nothing says what it was written for: the newest Python tells what is too new from what is broken. */
function newestOf(available: readonly Interpreter[]): DeclaredVersion[] {
  const newest = [...releasedMinors(available)].sort(compareVersions).at(-1)
  return newest === undefined ? [] : [{ version: newest, from: 'the newest at hand' }]
}

const noHistory: Plan['history'] = {
  held: async () => new Set(),
  mainLine: async function* () {},
  everywhere: async function* () {},
  isShallow: async () => false,
}
