import { type Comparison, compareArchiveCommit, compareBuild, type LookedAt } from '../diagnosis/provenance.ts'
import type { ArchiveFacts, ManifestDigest } from '../model/source.ts'
import type { Plan } from '../plan.ts'

type Sources = Plan['sources']

/** What was looked at against what records, and the archive itself, name. */
export async function compareProvenance({ sources, build }: Plan): Promise<Comparison[]> {
  const commit = commitOf(sources)
  if (commit === null) return []
  const images = build === null ? new Map() : await imageDigests(sources)
  const looked: LookedAt = { commit, archive: archiveFacts(sources), images }
  return [compareArchiveCommit(looked), ...(build === null ? [] : compareBuild(build, looked))]
}

/** The object id of the commit that is looked at; null where none is. */
export function commitOf(sources: Sources): string | null {
  return sources.find(({ stage }) => stage.place === 'commit')?.stage.reference ?? null
}

/** Null where no real archive is looked at. */
export function archiveFacts(sources: Sources): ArchiveFacts | null {
  return sources.flatMap(source => ('archive' in source ? [source.archive] : []))[0] ?? null
}

/** What registries know each image by, by the name of its stage. */
export async function imageDigests(sources: Sources): Promise<LookedAt['images']> {
  const images = new Map<string, readonly ManifestDigest[]>()
  for (const source of sources) {
    if ('image' in source) images.set(source.stage.name, (await source.manifestDigests?.()) ?? [])
  }
  return images
}
