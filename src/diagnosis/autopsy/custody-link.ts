import type { CustodyLink, Records } from '../../model/autopsy.ts'
import type { DeploymentRecord } from '../../model/deployment.ts'
import type { Path } from '../../model/path.ts'
import type { ArchiveFacts, ManifestDigest } from '../../model/source.ts'

/** What was looked at, beside the records. */
export interface SeenThings {
  /** The commit's object id; null where there is no repository. */
  readonly commit: string | null
  /** Null where no real archive was looked at. */
  readonly archive: ArchiveFacts | null
  /** By the name of their stages. */
  readonly images: ReadonlyMap<string, readonly ManifestDigest[]>
  /** The Python files of the archive, or else of the image, held against the commit; null where that cannot be done. */
  readonly contents: Contents | null
}

export interface Contents {
  readonly place: 'archive' | 'image'
  /** How many of them the commit has as well, by path or otherwise. */
  readonly files: number
  /** Those that are not as committed, bytewise. */
  readonly others: readonly Path[]
}

export type Link = Pick<CustodyLink, 'state' | 'evidence'>

export const confirmed = (evidence: string): Link => ({ state: 'confirmed', evidence })
export const contradicted = (evidence: string): Link => ({ state: 'contradicted', evidence })
export const unknown = (evidence: string): Link => ({ state: 'unknown', evidence })

/**
 * The image that failed, by its digest: of the deployment's, as of several containers, the one that its build pushed, else the first;
 * null where it names none by a digest.
 */
export function ranImage(records: Records): DeploymentRecord['images'][number] | null {
  const ran = (records.deployment?.images ?? []).filter(({ digest }) => digest !== null)
  const pushed = pushedDigests(records)
  return ran.find(({ digest }) => pushed.includes(digest!)) ?? ran[0] ?? null
}

/** The digests that the deployment ran; where it says none, those that its build pushed. */
export function digestsOf(records: Records): readonly string[] {
  const ran = records.deployment?.images.flatMap(({ digest }) => digest ?? []) ?? []
  return [...new Set(ran.length > 0 ? ran : pushedDigests(records))]
}

function pushedDigests({ build, provenance }: Records): string[] {
  return [...(build === null ? [] : [build]), ...provenance].flatMap(({ images }) => images).map(({ digest }) => digest)
}
