import { join, resolve } from 'node:path'
import { urlOf } from '../model/build-record.ts'
import { VerifierError } from '../model/errors.ts'
import { joinPath, type Path, pathBehindLink, relativePath } from '../model/path.ts'
import type { Source } from '../model/source.ts'
import type { Plan } from '../plan.ts'
import { type ArchiveOptions, archive } from '../sources/archive/archive.ts'
import { gitTree } from '../sources/git/git-tree.ts'
import type { Repository } from '../sources/git/repository.ts'
import { fetchObject, parseStorageUrl } from '../sources/upload/cloud-storage.ts'
import { predictedUpload } from '../sources/upload/predicted-upload.ts'
import { findGcloud } from './gcloud.ts'
import type { Io } from './io.ts'
import { limitsOption } from './option-values.ts'
import { predictionOf, predictionRules } from './prediction-options.ts'
import type { Scratch } from './scratch.ts'
import { isStorageUrl, type VerifyOptions } from './verify-options.ts'

/** Where an upload is opened from, and what it may use meanwhile. */
export interface Opening {
  readonly repository: Repository
  /** The part of the repository that is uploaded. */
  readonly directory: Path
  readonly options: VerifyOptions
  readonly io: Io
  /** What is fetched goes there, and is read until the run is over. */
  readonly scratch: Scratch
  readonly progress: Plan['progress']
  /** Where a file that is the upload was fetched from, if it was. */
  readonly uploadOrigin?: string | undefined
}

/**
 * The upload that the options ask for, if any, the rule that keeps a path out of it, and what must be known of that.
 *
 * @throws VerifierError when it cannot be opened or fetched.
 */
export async function openUpload(
  opening: Opening,
): Promise<Pick<Plan, 'ignoreRule' | 'remarks'> & { readonly sources: readonly Source[] }> {
  const { repository, directory, options } = opening
  const isArchive = options.upload !== 'auto' && options.upload !== 'none'
  const sources = isArchive ? [await openArchive(opening)] : []
  const prediction = predictionOf(options, opening.io.cwd)
  if (repository.bare || options.upload === 'none') return { sources, ignoreRule: () => null, remarks: [] }
  const { rules, remarks } = await predictionRules(repository, directory, options)
  const ignoreRule = (path: Path) => {
    const inUpload = relativePath(directory, path)
    const rule = inUpload === null ? null : rules.explain(inUpload, false)
    // A rule that stands in no file is gcloud's own.
    if (rule === null || rule.line === null) return rule
    return { ...rule, file: pathBehindLink(joinPath(directory, '.gcloudignore'), rule.file) ?? rule.file }
  }
  const predicted = () => predictedUpload(repository, directory, rules, prediction)
  return { sources: isArchive ? sources : [predicted()], ignoreRule, remarks }
}

async function openArchive(opening: Opening): Promise<Source> {
  const { repository, directory, options, io } = opening
  const how: ArchiveOptions = {
    limits: limitsOption(options),
    pathsOfCommit: async commit => {
      // A commit that is not here is no failure: the one that is looked at is likely to hold the same paths.
      const own = await gitTree(repository, commit, directory).catch(() => null)
      return pathsOf(own ?? (await gitTree(repository, options.rev, directory)))
    },
  }
  if (!isStorageUrl(options.upload)) {
    const fetched = opening.uploadOrigin === undefined ? {} : { origin: opening.uploadOrigin }
    return archive(resolve(io.cwd, options.upload), directory, { ...how, ...fetched })
  }
  const { file, origin } = await fetchArchive(opening)
  return archive(file, directory, { ...how, origin })
}

async function fetchArchive({ repository, options, io, scratch, progress }: Opening) {
  const object = parseStorageUrl(options.upload)
  const origin = urlOf(object)
  const gcloud = await findGcloud(io, repository)
  if ('absent' in gcloud) {
    throw new VerifierError(
      'gcloud-failed',
      `no gcloud to fetch ${origin} with (${gcloud.absent}): install the Google Cloud CLI, or download the object and pass the file`,
    )
  }
  const file = join(await scratch.folder(), 'upload')
  progress(`fetching ${origin}`)
  await fetchObject(object, file, { ...gcloud, ...io })
  return { file, origin }
}

async function pathsOf(source: Source): Promise<ReadonlySet<Path>> {
  const paths = new Set<Path>()
  for await (const { path } of source.entries()) paths.add(path)
  return paths
}
