import type { InferOutput } from 'valibot'
import type { StorageObject } from '../model/build-record.ts'
import type { Claim, DeploymentRecord } from '../model/deployment.ts'
import { deploymentSchema } from './deployment-schema.ts'
import { checkRecord, type FailRecord, failureOfRecord, parseRecord } from './json-record.ts'

type Deployment = InferOutput<typeof deploymentSchema>

/**
 * A revision, or a service, job or execution, as `gcloud run revisions describe … --format=json` and the like, or Cloud Run's
 * REST interface, write it.
 *
 * @param file what messages call it.
 * @throws VerifierError when it is none, naming the field that is not as it should be.
 */
export function readRevision(bytes: Buffer, file: string): DeploymentRecord {
  const command = 'gcloud run revisions describe REVISION --region REGION --format=json'
  const title = { file, kind: 'a revision', command }
  return deploymentOf(parseRecord(bytes, deploymentSchema, title), failureOfRecord(title))
}

/** The same of a part of another record; null where that is no revision, service, job or execution. */
export function revisionWithin(value: unknown, fail: FailRecord, place: string): DeploymentRecord | null {
  const kind = (value as { kind?: unknown }).kind
  if (kind !== 'Revision' && kind !== 'Service' && kind !== 'Job' && kind !== 'Execution') return null
  return deploymentOf(checkRecord(value, deploymentSchema, fail, place), fail)
}

function deploymentOf(record: Deployment, fail: FailRecord): DeploymentRecord {
  const { status } = record
  const fullName = record.metadata?.name ?? record.name
  if (fullName == null) throw fail('its "metadata.name" and its "name" are missing')
  return {
    kind: kindOf(record, fullName),
    name: lastName(fullName),
    images: imagesOf(record),
    failure: failureOf(record),
    builds: buildsOf(record),
    archives: archivesOf(record),
    commits: commitsOf(record),
    latest: lastNameOf(
      status?.latestCreatedRevisionName ??
        status?.latestCreatedExecution?.name ??
        record.latestCreatedRevision ??
        record.latestCreatedExecution?.name,
    ),
    ready: lastNameOf(status?.latestReadyRevisionName ?? record.latestReadyRevision),
  }
}

const kinds = { Revision: 'revision', Service: 'service', Job: 'job', Execution: 'execution' } as const

/** v1 says it; in v2 the name does: `projects/p/locations/l/services/s/revisions/r`. */
function kindOf({ kind }: Deployment, name: string): DeploymentRecord['kind'] {
  if (kind != null) return kinds[kind as keyof typeof kinds]
  const collections: Readonly<Record<string, DeploymentRecord['kind']>> = {
    services: 'service',
    jobs: 'job',
    executions: 'execution',
  }
  return collections[name.split('/').at(-2) ?? ''] ?? 'revision'
}

/** The image that was resolved comes before what was asked for. */
function imagesOf({ status, spec, containers, template }: Deployment): DeploymentRecord['images'] {
  const resolved = [
    { from: 'status.imageDigest', reference: status?.imageDigest },
    ...(status?.containerStatuses ?? []).map(({ imageDigest }, i) => ({
      from: `status.containerStatuses[${i}].imageDigest`,
      reference: imageDigest,
    })),
  ]
  const inside = spec?.template?.spec
  const asked = [
    ...placed('spec.containers', spec?.containers),
    ...placed('spec.template.spec.containers', inside?.containers),
    ...placed('spec.template.spec.template.spec.containers', inside?.template?.spec?.containers),
    ...placed('containers', containers),
    ...placed('template.containers', template?.containers),
    ...placed('template.template.containers', template?.template?.containers),
  ]
  const images = [...resolved, ...asked].flatMap(({ from, reference }) => {
    if (reference == null) return []
    return { from, reference, digest: /@(sha256:[0-9a-f]{64})$/.exec(reference)?.[1] ?? null }
  })
  const byReference = new Map([...images].reverse().map(image => [image.reference, image]))
  return images.filter(image => byReference.get(image.reference) === image)
}

/** One that is known to be built of a source comes before what runs beside it. */
function placed(place: string, containers: Deployment['containers'] | undefined) {
  const all = (containers ?? []).map((container, i) => ({ ...container, from: `${place}[${i}].image` }))
  const isBuilt = ({ buildInfo }: (typeof all)[number]) => buildInfo?.buildId != null
  return [...all.filter(isBuilt), ...all.filter(each => !isBuilt(each))].map(({ from, image }) => ({
    from,
    reference: image,
  }))
}

function failureOf({ status, conditions, terminalCondition }: Deployment): DeploymentRecord['failure'] {
  const all = [...(status?.conditions ?? []), ...(terminalCondition == null ? [] : [terminalCondition]), ...conditions]
  const failed = all.filter(({ status, state }) => status === 'False' || state === 'CONDITION_FAILED')
  const first = failed.find(({ type }) => type === 'Ready' || type === 'Completed') ?? failed[0]
  if (first === undefined) return null
  const reason = first.reason ?? first.revisionReason ?? first.executionReason ?? null
  return { reason, message: first.message ?? '' }
}

/** What gcloud and Cloud Build leave on what they deploy; older gclouds had shorter names. */
function buildsOf(record: Deployment): Claim[] {
  const { annotations, labels, prefix } = notesOf(record)
  const claims: (readonly [string, string | null | undefined])[] = [
    [`${prefix}annotations["run.googleapis.com/build-id"]`, annotations['run.googleapis.com/build-id']],
    [`${prefix}annotations["run.googleapis.com/build-name"]`, annotations['run.googleapis.com/build-name']],
    [`${prefix}labels["gcb-build-id"]`, labels['gcb-build-id']],
    ['buildConfig.name', record.buildConfig?.name],
    ...[...record.containers, ...(record.template?.containers ?? [])].map(
      ({ buildInfo }) => ['containers[].buildInfo.buildId', buildInfo?.buildId] as const,
    ),
  ]
  return claims.flatMap(([from, value]) => {
    const id = lastNameOf(value)
    return id !== null && /^[\w-]{1,64}$/.test(id) ? { from, id } : []
  })
}

function archivesOf(record: Deployment): DeploymentRecord['archives'] {
  const { annotations, prefix } = notesOf(record)
  const claims: (readonly [string, string | null | undefined])[] = [
    ...['run.googleapis.com/build-source-location', 'run.googleapis.com/source-location'].map(
      name => [`${prefix}annotations["${name}"]`, annotations[name]] as const,
    ),
    ['buildConfig.sourceLocation', record.buildConfig?.sourceLocation],
    ...[...record.containers, ...(record.template?.containers ?? [])].map(
      ({ buildInfo }) => ['containers[].buildInfo.sourceLocation', buildInfo?.sourceLocation] as const,
    ),
  ]
  return claims.flatMap(([from, value]) => {
    const object = storageObject(value ?? '')
    return object === null ? [] : { from, object }
  })
}

/** Of continuous deployment from a repository, which puts it into a label. */
function commitsOf(record: Deployment): Claim[] {
  const { labels, prefix } = notesOf(record)
  const id = labels['commit-sha'] ?? ''
  return /^[0-9a-f]{7,64}$/.test(id) ? [{ from: `${prefix}labels["commit-sha"]`, id }] : []
}

function notesOf({ metadata, annotations, labels }: Deployment) {
  return metadata == null ? { annotations, labels, prefix: '' } : { ...metadata, prefix: 'metadata.' }
}

/** `gs://bucket/object#generation`; null for what is none. */
export function storageObject(url: string): StorageObject | null {
  const [, bucket, object, generation = null] = /^gs:\/\/([^/#]+)\/([^#]+)(?:#(\d{1,20}))?$/.exec(url) ?? []
  return bucket === undefined || object === undefined ? null : { bucket, object, generation }
}

function lastName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1)
}

function lastNameOf(name: string | null | undefined): string | null {
  return name == null || name === '' ? null : lastName(name)
}
