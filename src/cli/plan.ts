import { resolve } from 'node:path'
import type { Command } from 'commander'
import { releasedMinors } from '../interpreters/cast-interpreters.ts'
import { findInterpreters } from '../interpreters/find-interpreters.ts'
import { interpreterAt } from '../interpreters/interpreter-at.ts'
import { pathPython } from '../interpreters/path-python.ts'
import { VerifierError } from '../model/errors.ts'
import type { DeclaredVersion, Interpreter } from '../model/interpreter.ts'
import { type Path, rootPath } from '../model/path.ts'
import type { Plan } from '../plan.ts'
import { projectOptions } from '../project/project-options.ts'
import { readBuild } from '../project/read-build.ts'
import { readProject } from '../project/read-project.ts'
import { gitFacts } from '../sources/git/git-facts.ts'
import { gitHistory } from '../sources/git/git-history.ts'
import { gitTree } from '../sources/git/git-tree.ts'
import { openRepository, type Repository } from '../sources/git/repository.ts'
import { worktree } from '../sources/git/worktree.ts'
import { listFrom, readFrom } from '../sources/read-from.ts'
import { buildOption } from './build-file.ts'
import { cacheOption } from './cache-directory.ts'
import { imagePythons } from './image-pythons.ts'
import type { Io } from './io.ts'
import { nativeSearch } from './native-search.ts'
import { openStages } from './open-stages.ts'
import {
  directoryOption,
  excluding,
  jobsOption,
  mappingOption,
  searchedOption,
  versionOption,
} from './option-values.ts'
import { placeOptions } from './place-options.ts'
import { assertOwnIgnoreFile } from './prediction-options.ts'
import type { Scratch } from './scratch.ts'
import { isStorageUrl, mergeOptions, type VerifyOptions } from './verify-options.ts'

/** A plan, and what else the options say. */
export interface Prepared {
  readonly plan: Plan
  readonly options: VerifyOptions
  readonly repository: Repository
}

/** What a preparation may use meanwhile. */
export interface Surroundings extends Pick<Plan, 'progress' | 'log'> {
  readonly scratch: Scratch
  /** What the command itself has decided, over the command line and the project. */
  readonly decided?: Partial<VerifyOptions>
  /** Where the file that is decided on as the upload was fetched from. */
  readonly uploadOrigin?: string
}

/**
 * Opens everything that a command line asks for. What the working tree says of the project counts, as it is what goes up;
 * in a bare repository the commit's word does.
 *
 * @throws VerifierError for whatever cannot be opened.
 */
export async function preparePlan(command: Command, io: Io, surroundings: Surroundings): Promise<Prepared> {
  const { progress, log, scratch, decided, uploadOrigin } = surroundings
  const given = { ...command.opts<VerifyOptions>(), ...decided }
  const repository = await openRepository(resolve(io.cwd, given.repo ?? '.'))
  const everything = repository.bare ? await gitTree(repository, given.rev, rootPath) : worktree(repository, rootPath)
  const read = (path: Path) => readFrom(everything, path)
  const list = (directory: Path) => listFrom(repository.bare ? everything : worktree(repository, directory), directory)
  const project = await projectOptions(read, directoryOption(given.source ?? '', '--source'))
  const options = { ...mergeOptions(command, project), ...decided }
  const sourceDirectory = directoryOption(options.source ?? '', '--source')

  const cacheDirectory = cacheOption(options, command, { io, log })
  const search = nativeSearch(io, repository, cacheDirectory)
  const available = await findInterpreters({ ...search, allow: options.interpreters })
  const pythons = await moreInterpreters(options, command, io, available)
  assertOwnIgnoreFile(options, command)
  assertFromCommandLine(options, command)
  const build = await buildOption(options.build, io)
  const opening = { repository, directory: sourceDirectory, options, io, scratch, progress, uploadOrigin }
  const { sources, ignoreRule, remarks } = await openStages(opening)
  const images = await imagePythons(sources, options, io)
  const readSent = async (path: Path) => (ignoreRule(path) === null ? read(path) : null)
  const place = placeOptions(options)
  const declarations = await readProject({ read, list }, place)
  const roles = {
    deploy: versionOption(options.deployPython, '--deploy-python'),
    dev: versionOption(options.devPython, '--dev-python'),
  }
  const plan: Plan = {
    sources,
    objectFormat: repository.objectFormat,
    sourceDirectory,
    mappings: options.map.map(mappingOption),
    dependencies: options.dependencies,
    isExcluded: excluding(options.exclude),
    dockerBuild: await readBuild(readSent, place),
    declarations,
    roles,
    pythons,
    pathPython: (roles.dev ?? declarations.dev) === null ? await pathPython(search) : null,
    available,
    inImages: images.inImages,
    history: gitHistory(repository, sources[0]!.stage.reference!, sourceDirectory),
    ignoreRule,
    git: repository.bare ? null : gitFacts(repository, sourceDirectory),
    build,
    jobs: jobsOption(options.jobs),
    mostSearched: searchedOption(options.verbose),
    cacheDirectory,
    remarks: [
      ...(repository.bare ? ['the repository is bare: there is no working tree to look at, and none to upload'] : []),
      ...remarks,
      ...images.remarks,
    ],
    progress,
    signal: io.signal,
    log,
  }
  return { plan, options, repository }
}

/**
 * A repository may not have the user's gcloud fetch what it likes, nor have a report written over what it likes.
 *
 * @throws VerifierError where its pyproject.toml does.
 */
function assertFromCommandLine({ upload, format }: VerifyOptions, command: Command): void {
  const file = command.getOptionValueSource('format') === 'cli' ? undefined : format.find(each => each.includes('='))
  if (file !== undefined) {
    throw new VerifierError(
      'bad-usage',
      `[tool.firstbreak] format names a file to write, ${file}: give it as --format instead`,
    )
  }
  if (command.getOptionValueSource('upload') === 'cli' || !isStorageUrl(upload)) return
  throw new VerifierError(
    'bad-usage',
    `[tool.firstbreak] upload names an object to fetch, ${upload}: give it as --upload instead`,
  )
}

/** Versions asked for besides; a path to an interpreter makes that one available. */
export async function moreInterpreters(
  { python }: VerifyOptions,
  command: Command,
  { cwd }: Io,
  available: Interpreter[],
): Promise<DeclaredVersion[]> {
  const from = '--python'
  const wanted: DeclaredVersion[] = []
  for (const item of python.flatMap(list => list.split(',')).map(each => each.trim())) {
    if (item === 'all') {
      wanted.push(...releasedMinors(available).map(version => ({ version, from })))
    } else if (/[\\/]/.test(item)) {
      // A repository may say which versions it wants to be judged by, but not which program is started for it.
      if (command.getOptionValueSource('python') !== 'cli') {
        throw new VerifierError(
          'bad-usage',
          `[tool.firstbreak] python names a program, ${item}: give it as --python instead`,
        )
      }
      const interpreter = await interpreterAt(resolve(cwd, item))
      // The one that is named, not another build of the same version.
      const same = available.findIndex(({ id }) => id === interpreter.id)
      available.splice(same === -1 ? available.length : same, same === -1 ? 0 : 1, interpreter)
      wanted.push({ version: interpreter.version, from })
    } else wanted.push(versionOption(item, from)!)
  }
  return wanted
}
