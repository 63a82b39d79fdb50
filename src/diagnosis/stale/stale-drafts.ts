import type { History } from '../../model/history.ts'
import type { Draft } from '../drafts/draft.ts'
import { findPast, type Wanted } from './find-past.ts'

export interface Recognised {
  readonly drafts: readonly Draft[]
  /** Whether bytes were not found, and may lie behind the cut of a shallow clone. */
  readonly cutShort: boolean
}

/**
 * The drafts, with each file of an image whose bytes an earlier commit had called stale, which is no alteration; and with the
 * commit named at files that the image lacks because it is older than they are. One history search an image.
 */
export async function staleDrafts(drafts: readonly Draft[], history: History): Promise<Recognised> {
  const stages = [...new Set(drafts.filter(isCandidate).map(({ evidence }) => evidence.after!.stage))]
  let told = drafts
  for (const stage of stages) told = await staleInImage(told, stage, history)
  const isLost = told.some(draft => draft.code === 'altered-in-image' && isCandidate(draft))
  return { drafts: told, cutShort: isLost && (await history.isShallow()) }
}

async function staleInImage(drafts: readonly Draft[], stage: string, history: History): Promise<readonly Draft[]> {
  const candidates = new Set(drafts.filter(draft => isCandidate(draft) && draft.evidence.after!.stage === stage))
  const wanted = [...candidates].map(draft => wantedOf(draft, stage))
  const past = await findPast(wanted, history)
  return drafts.map(draft => {
    const found = candidates.has(draft) ? past.get(draft.trace.path) : undefined
    if (found === undefined) return draft
    const evidence = { ...draft.evidence, past: found }
    if (draft.code !== 'altered-in-image') return { ...draft, evidence }
    return { ...draft, code: 'stale-in-image', severity: 'error', evidence }
  })
}

/**
 * What an earlier stage of this run holds as well is explained already, be it at the end of a link that was replaced by it, and so is
 * what the image holds twice, and what the Dockerfile leaves out.
 */
function isCandidate({ code, evidence }: Draft): boolean {
  if (code === 'missing-from-image') return evidence.rule === undefined && evidence.copies === undefined
  return (
    code === 'altered-in-image' &&
    evidence.elsewhere === undefined &&
    evidence.change !== 'added' &&
    evidence.change !== 'symlink-dereferenced' &&
    evidence.sameAs === undefined
  )
}

function wantedOf({ trace: { path, steps } }: Draft, stage: string): Wanted {
  const blobAt = (is: (step: (typeof steps)[number]) => boolean) => steps.find(is)?.file?.blobId ?? null
  return {
    path,
    committed: blobAt(step => step.stage.place === 'commit'),
    inImage: blobAt(step => step.stage.name === stage),
  }
}
