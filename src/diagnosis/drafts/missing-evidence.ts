import type { BuildPlan } from '../../model/build.ts'
import type { Evidence, Severity } from '../../model/finding.ts'
import type { Path } from '../../model/path.ts'
import type { Judged } from './judged.ts'

/** Why an image lacks a file that went up, as far as its Dockerfile and its layers tell. */
export function missingEvidence(path: Path, stage: string, { builds, images, deletedFrom }: Judged): Evidence {
  const plan = builds.get(stage)
  if (plan === undefined) return {}
  const rule = plan.ignoreRule(path)
  if (rule !== null) return { rule }
  const placed = plan.placements.find(placement => placement.path === path)
  if (placed === undefined) return plan.incomplete ? {} : { copies: plan.copies }
  const deleted = deletedFrom(stage, placed.imagePath)
  const layer = deleted === null ? undefined : images.get(stage)?.layers[deleted]
  return {
    imagePath: `/${placed.imagePath}`,
    copiedBy: placed.by,
    ...(layer === undefined ? {} : { deletedBy: { index: deleted!, ...layer } }),
  }
}

/** A note where the Dockerfile plainly means it. */
export function missingSeverity({ rule, copies }: Evidence): Severity {
  return rule !== undefined || copies !== undefined ? 'note' : 'warning'
}

/** Whether the Dockerfile itself holds the file. */
export function isWritten(path: Path, plan: BuildPlan | undefined): boolean {
  return plan?.written.has(path) ?? false
}
