import type { StorageObject } from './build-record.ts'

/** What a record says of something else, and where in it: `metadata.annotations["run.googleapis.com/build-id"]`. */
export interface Claim {
  readonly from: string
  readonly id: string
}

/** A revision, an execution of a job, or what made them, as Cloud Run recorded it. */
export interface DeploymentRecord {
  readonly kind: 'revision' | 'service' | 'execution' | 'job'
  /** Its last name: `api-00003-sp7`. */
  readonly name: string
  /** Those of its containers; `digest` is `sha256:…`, null where only a tag is named. */
  readonly images: readonly { readonly from: string; readonly reference: string; readonly digest: string | null }[]
  /** Why it is not ready; null where it is, or does not say. */
  readonly failure: { readonly reason: string | null; readonly message: string } | null
  /** Builds that it names; a service may keep the name of one that its newest revision is not of. */
  readonly builds: readonly Claim[]
  /** Source archives that it names. */
  readonly archives: readonly { readonly from: string; readonly object: StorageObject }[]
  /** Commits that it names; `id` is 7 to 64 hex digits. */
  readonly commits: readonly Claim[]
  /** Of a service or a job: the newest revision or execution that it made. */
  readonly latest: string | null
  /** Of a service: the newest revision that is ready, which goes on serving when a later one fails. */
  readonly ready: string | null
}

/** What a deployment is called in a sentence: `revision api-00003-sp7`. */
export function deploymentTitle({ kind, name }: Pick<DeploymentRecord, 'kind' | 'name'>): string {
  return `${kind} ${name}`
}

/** The revision or execution that is meant: of a service or a job the newest. */
export function runOf({ name, latest }: Pick<DeploymentRecord, 'name' | 'latest'>): string {
  return latest ?? name
}
