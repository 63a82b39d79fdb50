import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { Case } from '../../autopsy.ts'
import { chooseTraceback } from '../../flow/choose-traceback.ts'
import type { Missing, Records } from '../../model/autopsy.ts'
import { runOf } from '../../model/deployment.ts'
import { VerifierError } from '../../model/errors.ts'
import { pythonOf } from '../../model/log.ts'
import { rootPath } from '../../model/path.ts'
import { shellQuoted } from '../../model/shell-quoted.ts'
import type { Plan } from '../../plan.ts'
import { gitLines } from '../../sources/git/git-lines.ts'
import { gitTree } from '../../sources/git/git-tree.ts'
import { openRepository, type Repository } from '../../sources/git/repository.ts'
import { engineHolds } from '../../sources/image/engine-holds.ts'
import { findGcloud } from '../gcloud.ts'
import type { Io } from '../io.ts'
import { limitsOption } from '../option-values.ts'
import { preparePlan, type Surroundings } from '../plan.ts'
import { isStorageUrl, type VerifyOptions } from '../verify-options.ts'
import { type Asking, askForArchive, askForRecords } from './ask-gcloud.ts'
import type { AutopsyOptions } from './autopsy-options.ts'
import { planWithoutRepository } from './files-plan.ts'
import { imageReference, missingEvidence } from './missing.ts'
import { readRecords, withDeploymentOfLog } from './read-records.ts'

/**
 * Gathers what a command line names and, with --service or --job, what gcloud has, and opens what there is to look at.
 *
 * @throws VerifierError for what was named and cannot be read; never for what gcloud does not have.
 */
export async function openCase(command: Command, io: Io, surroundings: Surroundings): Promise<Case> {
  const options = command.opts<AutopsyOptions>()
  assertOptions(options)
  const failures = new Map<Missing['what'], string>()
  const repository = await repositoryOf(options, io, failures)
  const asking = await askingOf(options, io, repository, { ...surroundings, failures })
  let records = withDeploymentOfLog(await readRecords(options, io))
  if (asking !== null) {
    const answers = await askForRecords(records, asking)
    records = withDeploymentOfLog(answers.records)
    for (const [what, why] of answers.failures) failures.set(what, why)
  }
  const fetched =
    options.upload === undefined && asking !== null
      ? await askForArchive(records, asking, { folder: surroundings.scratch.folder, limits: limitsOption(options) })
      : null
  if (fetched !== null && 'failure' in fetched) failures.set('archive', fetched.failure)
  const upload = fetched !== null && 'file' in fetched ? fetched : null
  const images = await imagesOf(options, records, io)
  const { rev, remarks } =
    repository === null ? { rev: 'HEAD', remarks: [] } : await revisionOf(options, records, repository)
  // How verify reports, which the project may say, is not how this does.
  const own = { format: [], failOn: 'error' } as const
  const decided: Partial<VerifyOptions> = {
    ...own,
    rev,
    upload: upload?.file ?? options.upload ?? 'none',
    image: images,
  }
  const told = { ...surroundings, decided, ...(upload === null ? {} : { uploadOrigin: upload.origin }) }
  const plan = await planOf(command, io, told, repository)
  const atHand = {
    archive: upload !== null || (options.upload ?? 'none') !== 'none',
    image: images.length > 0,
    repository: repository !== null,
  }
  return {
    records,
    plan: plan === null ? null : withPythonOfLog(plan, records),
    blame: repository === null ? async () => null : blameIn(repository),
    missing: missingEvidence(records, atHand, failures, options),
    remarks,
  }
}

function assertOptions({ service, job, region }: AutopsyOptions): void {
  if (service !== undefined && job !== undefined)
    throw new VerifierError('bad-usage', 'pass --service or --job, not both')
  if ((service ?? job) !== undefined && region === undefined) {
    throw new VerifierError(
      'bad-usage',
      `--${service === undefined ? 'job' : 'service'}: say where it runs with --region, as us-central1`,
    )
  }
}

/** The one that is named, or the one that the current directory is in; null where there is none, and why is among the failures. */
async function repositoryOf(
  { repo }: AutopsyOptions,
  { cwd }: Io,
  failures: Map<Missing['what'], string>,
): Promise<Repository | null> {
  try {
    return await openRepository(resolve(cwd, repo ?? '.'))
  } catch (error) {
    if (repo !== undefined || !(error instanceof VerifierError)) throw error
    failures.set('repository', error.message)
    return null
  }
}

/** Null where gcloud is not to be asked, or there is none. */
async function askingOf(
  options: AutopsyOptions,
  io: Io,
  repository: Repository | null,
  { log, failures }: Pick<Surroundings, 'log'> & { readonly failures: Map<Missing['what'], string> },
): Promise<Asking | null> {
  if (options.service === undefined && options.job === undefined) return null
  const gcloud = await findGcloud(io, repository)
  if ('absent' in gcloud) {
    for (const what of ['revision', 'build', 'log', 'archive'] as const) {
      failures.set(what, `no gcloud to ask (${gcloud.absent})`)
    }
    return null
  }
  const { environment, signal } = io
  const tell = (command: readonly string[]) => log(`$ ${shellQuoted(['gcloud', ...command])}`)
  return { gcloud: { ...gcloud, environment, signal }, where: options, tell }
}

/** Those that are named; else the one that ran, where the engine holds it by its digest. Nothing is pulled. */
async function imagesOf({ image }: AutopsyOptions, records: Records, { environment }: Io): Promise<readonly string[]> {
  if (image.length > 0) return image
  const reference = imageReference(records)
  return reference !== null && (await engineHolds(reference, environment)) ? [reference] : []
}

/** The commit that the user names, else the first that a record names and git has, else HEAD. */
async function revisionOf(
  { rev }: AutopsyOptions,
  { build, provenance, deployment }: Records,
  repository: Repository,
): Promise<{ readonly rev: string; readonly remarks: readonly string[] }> {
  if (rev !== undefined) return { rev, remarks: [] }
  const claims = [
    ...(build?.commits ?? []),
    ...provenance.flatMap(({ commits }) => commits),
    ...(deployment?.commits ?? []),
  ]
  for (const { id } of claims) {
    if (await commitOf(repository, id)) return { rev: id, remarks: [] }
  }
  const [first] = claims
  if (first === undefined) return { rev: 'HEAD', remarks: [] }
  return {
    rev: 'HEAD',
    remarks: [
      `${first.from} names commit ${first.id}, which is not in this repository: git fetch it; HEAD was looked at instead`,
    ],
  }
}

/** The object id of a commit; null where git has none. */
async function commitOf(repository: Repository, revision: string): Promise<string | null> {
  const source = await gitTree(repository, revision, rootPath).catch(() => null)
  return source?.stage.reference ?? null
}

async function planOf(
  command: Command,
  io: Io,
  surroundings: Surroundings,
  repository: Repository | null,
): Promise<Plan | null> {
  if (repository === null) {
    if (isStorageUrl(surroundings.decided?.upload ?? '')) {
      throw new VerifierError(
        'bad-usage',
        '--upload gs://…: without a repository, download the object and pass the file',
      )
    }
    return planWithoutRepository(command, io, surroundings)
  }
  const { plan } = await preparePlan(command, io, surroundings)
  const head = repository.bare ? null : await commitOf(repository, 'HEAD')
  // The disk says nothing of another commit than the one that is checked out.
  const isCheckedOut = plan.sources[0]!.stage.reference === head
  const sources = isCheckedOut ? plan.sources : plan.sources.filter(({ stage }) => stage.place !== 'worktree')
  // The chain of custody holds everything against the build.
  return { ...plan, sources, build: null }
}

/** Null as well where git cannot tell: a log may name any line. */
function blameIn(repository: Repository): Case['blame'] {
  return async (commit, path, line) => {
    const origins = await gitLines(repository, commit)
      .origins(path, [line])
      .catch(() => null)
    const origin = origins?.get(line)
    return origin === undefined
      ? null
      : { id: origin.id, date: origin.date, author: origin.author, summary: origin.summary }
  }
}

/** Where no image is looked at, the log says best which Python ran. */
function withPythonOfLog(plan: Plan, { log, deployment }: Records): Plan {
  if (plan.roles.deploy !== null || plan.sources.some(source => 'image' in source)) return plan
  const chosen = chooseTraceback(log?.tracebacks ?? [], deployment === null ? null : runOf(deployment))
  const version = chosen === null ? null : pythonOf(chosen.traceback)
  return version === null ? plan : { ...plan, roles: { ...plan.roles, deploy: { version, from: 'the log' } } }
}
