import { ranImage } from '../../diagnosis/autopsy/custody-link.ts'
import { archiveOf } from '../../diagnosis/autopsy/custody-of-source.ts'
import type { Missing, Records } from '../../model/autopsy.ts'
import { urlOf } from '../../model/build-record.ts'
import { runOf } from '../../model/deployment.ts'
import { shellQuoted } from '../../model/shell-quoted.ts'

/** What is at hand beside the records. */
export interface AtHand {
  readonly archive: boolean
  readonly image: boolean
  readonly repository: boolean
}

/** Where a deployment runs, as far as the user said. */
export interface Whereabouts {
  readonly service?: string | undefined
  readonly job?: string | undefined
  readonly region?: string | undefined
  readonly project?: string | undefined
}

/** Why something that was asked for could not be had. */
export type Failures = ReadonlyMap<Missing['what'], string>

/** What would tell more, each with the option for it and the command that makes what it takes. */
export function missingEvidence(
  records: Records,
  atHand: AtHand,
  failures: Failures,
  where: Whereabouts = {},
): Missing[] {
  const { deployment, build, provenance, log } = records
  const all: (Missing | null)[] = [
    deployment === null || deployment.kind === 'service' || deployment.kind === 'job'
      ? missing('revision', `--revision FILE: ${json(revisionCommand(records, where))}`)
      : null,
    build === null
      ? missing('build', `--build FILE: ${json(['builds', 'describe', buildId(records), ...placeOf(where)])}`)
      : null,
    provenance.length === 0 && failures.has('provenance')
      ? missing('provenance', `--provenance FILE: ${json(provenanceCommand(records))}`)
      : null,
    log === null ? missing('log', `--log FILE: ${json(logCommand(records, where))}`) : null,
    atHand.archive || build?.archive === null ? null : missing('archive', `--upload ${archiveUrl(records)}`),
    atHand.image ? null : missing('image', `--image image.tar: ${imageCommand(records)}`),
    atHand.repository ? null : missing('repository', '--repo DIR, a clone of the repository that it was built of'),
  ]
  return all.flatMap(each => (each === null ? [] : { ...each, why: failures.get(each.what) ?? null }))
}

function missing(what: Missing['what'], pass: string): Missing {
  return { what, why: null, pass }
}

function json(words: readonly string[]): string {
  return `${shellQuoted(['gcloud', ...words, '--format=json'])} > FILE`
}

function placeOf({ region, project }: Whereabouts): string[] {
  return ['--region', region ?? 'REGION', ...(project === undefined ? [] : ['--project', project])]
}

function revisionCommand({ deployment, log }: Records, where: Whereabouts): string[] {
  const name = deployment?.latest ?? log?.subjects[0]?.split(' ')[0]
  const isJob = where.job !== undefined || deployment?.kind === 'job'
  const collection = isJob ? ['jobs', 'executions'] : ['revisions']
  return ['run', ...collection, 'describe', name ?? (isJob ? 'EXECUTION' : 'REVISION'), ...placeOf(where)]
}

function buildId({ deployment, provenance }: Records): string {
  return provenance[0]?.id ?? deployment?.builds[0]?.id ?? 'BUILD'
}

/** The image by its digest, as far as records tell. */
export function imageReference(records: Records): string | null {
  const ran = ranImage(records)
  if (ran !== null) return ran.reference
  const [pushed] = records.build?.images ?? []
  return pushed === undefined ? null : `${pushed.name.replace(/@.*$/, '').replace(/:[^/]*$/, '')}@${pushed.digest}`
}

function provenanceCommand(records: Records): string[] {
  return ['artifacts', 'docker', 'images', 'describe', imageReference(records) ?? 'IMAGE@DIGEST', '--show-provenance']
}

function logCommand({ deployment }: Records, where: Whereabouts): string[] {
  const project = where.project === undefined ? [] : ['--project', where.project]
  const isExecution = deployment?.kind === 'execution' || deployment?.kind === 'job' || where.job !== undefined
  const name = deployment === null ? (isExecution ? 'EXECUTION' : 'REVISION') : runOf(deployment)
  return ['logging', 'read', logFilter(name, isExecution), '--freshness=30d', '--limit=5000', ...project]
}

/** What a revision or an execution wrote, and what the platform says of it. */
export function logFilter(name: string, isExecution: boolean): string {
  const logs = [
    'run.googleapis.com%2Fstderr',
    'run.googleapis.com%2Fstdout',
    'run.googleapis.com%2Fvarlog%2Fsystem',
    'cloudaudit.googleapis.com%2Fsystem_event',
  ]
  const whose = isExecution
    ? `resource.type="cloud_run_job" AND labels."run.googleapis.com/execution_name"="${name}"`
    : `resource.type="cloud_run_revision" AND resource.labels.revision_name="${name}"`
  return `${whose} AND (${logs.map(log => `logName:"${log}"`).join(' OR ')})`
}

function archiveUrl(records: Records): string {
  const archive = archiveOf(records)
  return archive === null ? 'FILE, the source archive of the build' : shellQuoted([urlOf(archive)])
}

function imageCommand(records: Records): string {
  const reference = imageReference(records) ?? 'IMAGE@DIGEST'
  const copy = shellQuoted(['skopeo', 'copy', `docker://${reference}`, 'oci-archive:image.tar'])
  return `${copy}, or ${shellQuoted(['docker', 'pull', reference])} and pass that name`
}
