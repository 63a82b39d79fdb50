import { capitalized } from '../../model/capitalized.ts'
import type { Finding } from '../../model/finding.ts'
import type { Report } from '../../model/report.ts'
import { listed, stageTitle } from '../words.ts'

/** Paths that a disk may take for one. */
export function pathCollision({ evidence: { collision } }: Finding, report: Report): string {
  if (collision === undefined) return ''
  const { kind, paths } = collision
  const held = paths.map(({ path, stages }) => `${path} (in ${listed(stages.map(stage => stageTitle(report, stage)))})`)
  const difference = kind === 'case' ? 'upper and lower case' : 'Unicode normalization'
  const isTogether = paths.some(({ stages }, i) =>
    paths.slice(i + 1).some(each => each.stages.some(one => stages.includes(one))),
  )
  const harm = isTogether
    ? 'a disk that does not tell them apart, as those of macOS and Windows, keeps one of them.'
    : 'Linux takes them for two files, and an import finds only the one that is spelt as it says.'
  return `${listed(held)} differ only in ${difference}: ${harm}`
}

/** Declarations that cannot all hold. */
export function policyConflict({ evidence: { conflict } }: Finding): string {
  if (conflict === undefined) return ''
  const { kind, declared } = conflict
  const said = declared.map(({ from, says }) => `${from} says ${says}`)
  const others = said.slice(0, -1)
  const { from, says } = declared.at(-1)!
  switch (kind) {
    case 'differs':
      return `${said.join(', ')}.`
    case 'outside-range':
      return `${listed(others)}, which ${from} does not admit: ${says}.`
    case 'never-tested':
      return `${said.at(-1)}, and no workflow sets that up: ${listed(others)}.`
  }
}

/** What a record names, and what was looked at instead. */
export function provenanceMismatch({ evidence: { provenance } }: Finding, report: Report): string {
  if (provenance === undefined) return ''
  const { stage, by, recorded, found } = provenance
  return `${capitalized(by)} records ${recorded} for ${stageTitle(report, stage)}; looked at was ${found}.`
}
