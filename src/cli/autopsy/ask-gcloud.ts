import { join } from 'node:path'
import { archiveOf, ownBuilds } from '../../diagnosis/autopsy/custody-of-source.ts'
import { readBuild } from '../../evidence/read-build.ts'
import { readLog } from '../../evidence/read-log.ts'
import { readProvenance } from '../../evidence/read-provenance.ts'
import { readRevision } from '../../evidence/read-revision.ts'
import type { Missing, Records } from '../../model/autopsy.ts'
import { urlOf } from '../../model/build-record.ts'
import { type DeploymentRecord, runOf } from '../../model/deployment.ts'
import { VerifierError } from '../../model/errors.ts'
import { rootPath } from '../../model/path.ts'
import { archive } from '../../sources/archive/archive.ts'
import type { ArchiveLimits } from '../../sources/archive/archive-limits.ts'
import { type Gcloud, runGcloud } from '../../sources/gcloud-process.ts'
import { fetchArguments, fetchObject, parseStorageUrl } from '../../sources/upload/cloud-storage.ts'
import { imageReference, logFilter, type Whereabouts } from './missing.ts'

/** How gcloud is asked. */
export interface Asking {
  readonly gcloud: Gcloud
  readonly where: Whereabouts
  /** Told each command before it is run. */
  readonly tell: (command: readonly string[]) => void
}

/** What gcloud had, and why it had not the rest. */
export interface Answers {
  readonly records: Records
  readonly failures: ReadonlyMap<Missing['what'], string>
}

/** Asks for every record that is not there yet; a question that fails stops none of the others that can do without its answer. */
export async function askForRecords(given: Records, asking: Asking): Promise<Answers> {
  const failures = new Map<Missing['what'], string>()
  const attempt = attemptingWith(failures)
  const deployment = given.deployment ?? (await attempt('revision', () => askForDeployment(asking, attempt)))
  let records: Records = { ...given, deployment }
  const provenance =
    given.provenance.length > 0
      ? given.provenance
      : await attempt('provenance', () => askForProvenance(records, asking))
  records = { ...records, provenance: provenance ?? [] }
  const build = given.build ?? (await attempt('build', () => askForBuild(records, asking)))
  records = { ...records, build }
  const log = given.log ?? (await attempt('log', () => askForLog(records, asking)))
  return { records: { ...records, log }, failures }
}

/** Fetches the archive that records name into `folder`; null where they name none, or that fails. */
export async function askForArchive(
  records: Records,
  { gcloud, tell }: Asking,
  { folder, limits }: { readonly folder: () => Promise<string>; readonly limits: ArchiveLimits },
): Promise<{ readonly file: string; readonly origin: string } | { readonly failure: string }> {
  const object = archiveOf(records)
  if (object === null) return { failure: 'no record names the archive' }
  try {
    // What a record names is as little to be trusted as what a user writes.
    const { bucket, object: name, generation } = parseStorageUrl(urlOf(object))
    const file = join(await folder(), 'upload')
    tell(fetchArguments({ bucket, object: name, generation }, file))
    await fetchObject({ bucket, object: name, generation }, file, gcloud)
    await assertReadable(file, limits)
    return { file, origin: urlOf(object) }
  } catch (error) {
    return { failure: failureOf(error) }
  }
}

/** One that is damaged is as good as none: nobody named it. @throws VerifierError when it cannot be read to its end. */
async function assertReadable(file: string, limits: ArchiveLimits): Promise<void> {
  const source = await archive(file, rootPath, { limits })
  for await (const _ of source.entries());
}

type Attempt = <Answer>(what: Missing['what'], ask: () => Promise<Answer>) => Promise<Answer | null>

function attemptingWith(failures: Map<Missing['what'], string>): Attempt {
  return async (what, ask) => {
    try {
      return await ask()
    } catch (error) {
      failures.set(what, failureOf(error))
      return null
    }
  }
}

/** @throws what is no failure of a question, as that the run is given up. */
function failureOf(error: unknown): string {
  if (error instanceof VerifierError) return error.message
  throw error
}

/** The newest revision with what its service says of its build, or the service alone where that fails; of a job its newest execution. */
async function askForDeployment(asking: Asking, attempt: Attempt): Promise<DeploymentRecord> {
  const { service, job } = asking.where
  const [collection, owner] = job === undefined ? (['services', service] as const) : (['jobs', job] as const)
  const made = await ask(
    ['run', collection, 'describe', named(owner ?? '', '--service'), ...place(asking)],
    asking,
    readRevision,
  )
  if (made.latest === null) return made
  const of = job === undefined ? ['run', 'revisions'] : ['run', 'jobs', 'executions']
  const run = await attempt('revision', () =>
    ask([...of, 'describe', named(made.latest!, 'the newest revision'), ...place(asking)], asking, readRevision),
  )
  if (run === null) return made
  const isKnown = ({ id }: { readonly id: string }) => run.builds.some(each => each.id === id)
  return {
    ...run,
    ready: made.ready,
    builds: [...run.builds, ...made.builds.filter(each => !isKnown(each))],
    archives: run.archives.length > 0 ? run.archives : made.archives,
  }
}

async function askForProvenance(records: Records, asking: Asking) {
  const reference = imageReference(records)
  if (reference === null) throw unanswered('no record tells which image it was')
  const words = [
    'artifacts',
    'docker',
    'images',
    'describe',
    named(reference, 'the image'),
    '--show-provenance',
    ...projectOf(asking),
  ]
  return ask(words, asking, readProvenance)
}

/** By the word of provenance before that of annotations; in the region of the service, then where no region is named. */
async function askForBuild(records: Records, asking: Asking) {
  const ids = [...new Set([...ownBuilds(records), ...(records.deployment?.builds ?? [])].map(({ id }) => id))]
  let failure = unanswered('no record names the build')
  for (const id of ids) {
    for (const region of [place(asking).slice(0, 2), []]) {
      try {
        return await ask(
          ['builds', 'describe', named(id, 'the build'), ...region, ...projectOf(asking)],
          asking,
          readBuild,
        )
      } catch (error) {
        if (!(error instanceof VerifierError)) throw error
        failure = error
      }
    }
  }
  throw failure
}

async function askForLog({ deployment }: Records, asking: Asking) {
  if (deployment === null) throw unanswered('without the revision, nothing tells which log it is')
  const isExecution = deployment.kind === 'execution' || deployment.kind === 'job'
  const filter = logFilter(named(runOf(deployment), 'the revision'), isExecution)
  const words = ['logging', 'read', filter, '--freshness=30d', '--limit=5000', '--order=desc', ...projectOf(asking)]
  const log = await ask(words, asking, readLog)
  if (log.entries === 0)
    throw unanswered(`gcloud logging read finds no entry of ${runOf(deployment)} of the last 30 days`)
  return log
}

async function ask<Answer>(
  words: readonly string[],
  { gcloud, tell }: Asking,
  read: (bytes: Buffer, title: string) => Answer,
): Promise<Answer> {
  const args = [...words, '--format=json', '--quiet']
  tell(args)
  const subject = words
    .slice(0, words[0] === 'artifacts' ? 4 : words[0] === 'run' ? words.indexOf('describe') + 1 : 2)
    .join(' ')
  const output = await runGcloud(args, gcloud, { subject, advice: 'try it yourself' })
  return read(output, `gcloud ${subject}`)
}

/** @throws VerifierError for a name that gcloud would take for an option, or a filter for more than a name. */
function named(name: string, what: string): string {
  if (/^[a-z0-9][\w.:/@-]{0,500}$/i.test(name)) return name
  throw new VerifierError(
    'bad-usage',
    `${what} ${JSON.stringify(name.slice(0, 100))}: not a name; write it as Google does`,
  )
}

function place(asking: Asking): string[] {
  return ['--region', named(asking.where.region ?? '', '--region'), ...projectOf(asking)]
}

function projectOf({ where: { project } }: Asking): string[] {
  return project === undefined ? [] : ['--project', named(project, '--project')]
}

function unanswered(problem: string): VerifierError {
  return new VerifierError('gcloud-failed', problem)
}
