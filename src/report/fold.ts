import type { Finding } from '../model/finding.ts'

/** Findings that one sentence explains; the first stands for all. */
export interface Fold {
  readonly findings: readonly [Finding, ...Finding[]]
}

/** Puts findings of the same cause together, in the order in which the causes first come. */
export function fold(findings: readonly Finding[]): Fold[] {
  const folds = new Map<string, [Finding, ...Finding[]]>()
  for (const finding of findings) {
    const key = causeOf(finding)
    const known = folds.get(key)
    if (known === undefined) folds.set(key, [finding])
    else known.push(finding)
  }
  return [...folds.values()].map(findings => ({ findings }))
}

function causeOf({ code, severity, shipped, firstBreak, sites, evidence }: Finding): string {
  const features = [...new Set(sites.map(({ feature }) => `${feature?.since} ${feature?.until}`))].sort()
  const { changeDetail, state, sparse, collision, submodule, standsFor, link } = evidence
  const {
    change,
    effect,
    before,
    after,
    layer,
    rule,
    reason,
    sameAs,
    acceptedBy,
    conflict,
    past,
    writes,
    installed,
    provenance,
  } = evidence
  return JSON.stringify([
    [code, severity, shipped, firstBreak, features],
    [
      change,
      effect,
      before?.stage,
      after?.stage,
      layer?.index,
      rule,
      reason,
      sameAs,
      acceptedBy,
      conflict,
      writes?.filter(({ index }) => index > (layer?.index ?? 0)).map(({ index }) => index),
      past?.commit,
      evidence.copies,
      evidence.copiedBy,
      evidence.deletedBy?.index,
      evidence.elsewhere !== undefined,
      evidence.bytecode,
      installed,
      provenance,
      evidence.warning,
    ],
    [changeDetail?.and, state, sparse, collision, submodule, standsFor, link],
  ])
}
