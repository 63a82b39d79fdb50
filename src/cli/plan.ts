import { resolve } from 'node:path'
import type { Command } from 'commander'
import picomatch from 'picomatch'
import { releasedMinors } from '../interpreters/cast-interpreters.ts'
import { findInterpreters } from '../interpreters/find-interpreters.ts'
import { interpreterAt } from '../interpreters/interpreter-at.ts'
import { pathPython } from '../interpreters/path-python.ts'
import { VerifierError } from '../model/errors.ts'
import type { DeclaredVersion, Interpreter } from '../model/interpreter.ts'
import { joinPath, type Path, parsePath, relativePath, rootPath } from '../model/path.ts'
import type { Source } from '../model/source.ts'
import type { PathMapping } from '../model/trace.ts'
import { projectOptions } from '../project/project-options.ts'
import { readProject } from '../project/read-project.ts'
import { archive } from '../sources/archive.ts'
import { gitTree } from '../sources/git-tree.ts'
import { image } from '../sources/image.ts'
import { predictedUpload } from '../sources/predicted-upload.ts'
import { listFrom, readFrom } from '../sources/read-from.ts'
import { openRepository, type Repository } from '../sources/repository.ts'
import { uploadRules } from '../sources/upload-rules.ts'
import { worktree } from '../sources/worktree.ts'
import type { Plan } from '../verify.ts'
import { cacheOption } from './cache-directory.ts'
import type { Io } from './io.ts'
import { nativeSearch } from './native-search.ts'
import { mergeOptions, type VerifyOptions } from './verify-options.ts'

/** A plan, and what else the options say. */
export interface Prepared {
  readonly plan: Plan
  readonly options: VerifyOptions
}

type Telling = Pick<Plan, 'progress' | 'log'>

/**
 * Opens everything that a command line asks for. What the working tree says of the project counts, as it is what goes up;
 * in a bare repository the commit's word does.
 *
 * @throws VerifierError for whatever cannot be opened.
 */
export async function preparePlan(command: Command, io: Io, { progress, log }: Telling): Promise<Prepared> {
  const given = command.opts<VerifyOptions>()
  const repository = await openRepository(resolve(io.cwd, given.repo ?? '.'))
  const everything = repository.bare ? await gitTree(repository, given.rev, rootPath) : worktree(repository, rootPath)
  const read = (path: Path) => readFrom(everything, path)
  const list = (directory: Path) => listFrom(repository.bare ? everything : worktree(repository, directory), directory)
  const options = mergeOptions(command, await projectOptions(read, directoryOption(given.source ?? '', '--source')))
  const sourceDirectory = directoryOption(options.source ?? '', '--source')

  const cacheDirectory = cacheOption(options, command, { io, log })
  const search = nativeSearch(io, repository, cacheDirectory)
  const available = await findInterpreters({ ...search, allow: options.interpreters })
  const pythons = await moreInterpreters(options, command, io, available)
  const upload = await openUpload(repository, sourceDirectory, options, io)
  const sources = [
    await gitTree(repository, options.rev, sourceDirectory),
    ...(repository.bare ? [] : [worktree(repository, sourceDirectory)]),
    ...upload.sources,
    ...(await openImages(options, io)),
  ]
  const dockerfile = options.dockerfile === undefined ? null : directoryOption(options.dockerfile, '--dockerfile')
  const plan: Plan = {
    sources,
    objectFormat: repository.objectFormat,
    sourceDirectory,
    mappings: options.map.map(parseMapping),
    isExcluded: excluding(options.exclude),
    declarations: await readProject({ read, list }, { source: sourceDirectory, dockerfile }),
    roles: {
      deploy: versionOption(options.deployPython, '--deploy-python'),
      dev: versionOption(options.devPython, '--dev-python'),
    },
    pythons,
    pathPython: await pathPython(search),
    available,
    ignoreRule: upload.ignoreRule,
    jobs: jobsOption(options.jobs),
    cacheDirectory,
    remarks: repository.bare ? ['the repository is bare: there is no working tree to look at, and none to upload'] : [],
    progress,
    signal: io.signal,
    log,
  }
  return { plan, options }
}

async function openUpload(
  repository: Repository,
  directory: Path,
  { upload }: VerifyOptions,
  { cwd }: Io,
): Promise<{ readonly sources: readonly Source[]; readonly ignoreRule: Plan['ignoreRule'] }> {
  const isFile = upload !== 'auto' && upload !== 'none'
  const sources = isFile ? [await archive(resolve(cwd, upload), directory)] : []
  if (repository.bare || upload === 'none') return { sources, ignoreRule: () => null }
  const rules = await uploadRules(resolve(repository.directory, directory))
  const ignoreRule = (path: Path) => {
    const inUpload = relativePath(directory, path)
    return inUpload === null ? null : rules.explain(inUpload, false)
  }
  return { sources: isFile ? sources : [predictedUpload(repository, directory, rules)], ignoreRule }
}

async function openImages({ image: given }: VerifyOptions, { cwd, environment }: Io): Promise<Source[]> {
  const images = given.map(parseImage)
  const taken = new Set(['commit', 'worktree', 'upload'])
  for (const { name, reference } of images) {
    if (taken.has(name)) {
      throw new VerifierError(
        'bad-usage',
        `--image: there is a stage ${name} already; write NAME=${reference} with another name`,
      )
    }
    taken.add(name)
  }
  const sources: Source[] = []
  for (const { name, reference } of images) {
    sources.push(await image(reference, { name, directory: cwd, environment }))
  }
  return sources
}

function parseImage(given: string): { readonly name: string; readonly reference: string } {
  const match = /^(?:([A-Za-z][\w-]*)=)?(.+)$/s.exec(given)
  if (match === null) throw new VerifierError('bad-usage', '--image is empty: name a docker save tar or an image')
  return { name: match[1] ?? 'image', reference: match[2]! }
}

/** Versions asked for besides; a path to an interpreter makes that one available. */
async function moreInterpreters(
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

function versionOption(version: string | undefined, option: string): DeclaredVersion | null {
  if (version === undefined) return null
  if (/^\d+\.\d+(\.\d+)?((a|b|rc)\d+)?$/.test(version)) return { version, from: option }
  throw new VerifierError('bad-usage', `${option} ${version}: not a version of Python; write 3.11 or 3.11.7`)
}

function directoryOption(text: string, option: string): Path {
  const path = /^([A-Za-z]:)?[\\/]/.test(text) ? null : parsePath(text.replaceAll('\\', '/'))
  if (path !== null) return path
  throw new VerifierError(
    'bad-usage',
    `${option} ${text}: name it relative to the top of the repository, and inside it`,
  )
}

function parseMapping(text: string): PathMapping {
  const [imageDirectory, sourceDirectory] = [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)].map(
    parsePath,
  )
  if (!text.includes('=') || imageDirectory == null || sourceDirectory == null) {
    throw new VerifierError('bad-usage', `--map ${text}: write IMAGE_DIR=SOURCE_DIR, as /app=services/api or /app=.`)
  }
  return { imageDirectory, sourceDirectory, from: 'option', votes: 0 }
}

/** A pattern without a `/` matches at any depth, and a directory's pattern all that is below it. */
function excluding(patterns: readonly string[]): (path: Path) => boolean {
  const matchers = patterns.map(pattern => {
    const trimmed = pattern.replace(/\/$/, '')
    const anchored = trimmed.includes('/') ? trimmed.replace(/^\//, '') : `**/${trimmed}`
    return picomatch([anchored, joinPath(anchored as Path, '**')], { dot: true })
  })
  return path => matchers.some(matches => matches(path))
}

function jobsOption(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text)
  throw new VerifierError('bad-usage', `--jobs ${text}: not a number of workers; write 1 or more`)
}
