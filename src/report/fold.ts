import type { Finding } from '../model/finding.ts'

/** Findings that one sentence explains; the first stands for all. */
export interface Fold {
  readonly findings: readonly [Finding, ...Finding[]]
}

/**
 * Puts findings of the same cause together, in the order in which the causes first come. One that was not searched for its
 * places goes with those that were, as what its places are is not known.
 */
export function fold(findings: readonly Finding[]): Fold[] {
  const order = new Map(findings.map((finding, i) => [finding, i]))
  const folds = new Map<string, [Finding, ...Finding[]]>()
  const searched = new Map<string, string>()
  const add = (key: string, finding: Finding) => {
    const known = folds.get(key)
    if (known === undefined) folds.set(key, [finding])
    else known.push(finding)
  }
  for (const finding of findings.filter(({ evidence }) => evidence.unsearched !== true)) {
    const [cause, key] = [causeOf(finding), causeOf(finding) + featuresOf(finding)]
    if (!searched.has(cause)) searched.set(cause, key)
    add(key, finding)
  }
  for (const finding of findings.filter(({ evidence }) => evidence.unsearched === true)) {
    add(searched.get(causeOf(finding)) ?? causeOf(finding), finding)
  }
  return [...folds.values()]
    .map(findings => ({ findings }))
    .toSorted((a, b) => order.get(a.findings[0])! - order.get(b.findings[0])!)
}

function featuresOf({ sites }: Finding): string {
  return JSON.stringify([...new Set(sites.map(({ feature }) => `${feature?.since} ${feature?.until}`))].sort())
}

function causeOf({ code, severity, shipped, firstBreak, evidence }: Finding): string {
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
    [code, severity, shipped, firstBreak],
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
      evidence.fromStage,
      evidence.deletedBy?.index,
      evidence.elsewhere !== undefined,
      evidence.paths === undefined ? null : evidence.imagePath,
      evidence.bytecode,
      installed,
      evidence.newDirectory,
      provenance,
      evidence.warning,
    ],
    [changeDetail?.and, state, sparse, collision, submodule, standsFor, link],
  ])
}
