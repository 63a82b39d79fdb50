import { type Comparison, compareArchiveCommit, compareBuild, type LookedAt } from '../diagnosis/provenance.ts'
import type { ManifestDigest } from '../model/source.ts'
import type { Plan } from '../plan.ts'

/** What was looked at against what records, and the archive itself, name. */
export async function compareProvenance({ sources, build }: Plan): Promise<Comparison[]> {
  const commit = sources.find(({ stage }) => stage.place === 'commit')?.stage.reference
  if (commit == null) return []
  const archive = sources.flatMap(source => ('archive' in source ? [source.archive] : []))[0] ?? null
  const images = new Map<string, readonly ManifestDigest[]>()
  for (const source of build === null ? [] : sources) {
    if ('image' in source) images.set(source.stage.name, (await source.manifestDigests?.()) ?? [])
  }
  const looked: LookedAt = { commit, archive, images }
  return [compareArchiveCommit(looked), ...(build === null ? [] : compareBuild(build, looked))]
}
