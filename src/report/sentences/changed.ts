import type { Evidence, Finding } from '../../model/finding.ts'
import type { Report } from '../../model/report.ts'
import { listed, short, stageTitle } from '../words.ts'
import { became } from './change-words.ts'
import { rewrittenBy } from './layers.ts'
import { parties } from './parties.ts'

/** A change that is in no commit, or a submodule at another one. */
export function uncommittedChange(finding: Finding, report: Report): string {
  const { evidence } = finding
  return evidence.submodule === undefined
    ? `${uncommitted(evidence, parties(finding, report).to)}${andSo(finding, report)}`
    : submoduleElsewhere(evidence.submodule)
}

/** A change on the way into the upload. */
export function alteredInUpload(finding: Finding, report: Report): string {
  return `${altered(finding, report)}${andSo(finding, report)}${hold(finding, report)}`
}

/** A change on the way into the image, and the layers that made it. */
export function alteredInImage(finding: Finding, report: Report): string {
  return `${altered(finding, report)}${andSo(finding, report)}${writers(finding, report)}`
}

/** Who made a change in the image, and what else there is of the file. */
export function writers(finding: Finding, report: Report): string {
  const { evidence } = finding
  return `${rewrittenBy(evidence)}${twice(evidence)}${hold(finding, report)}`
}

/** What came or went as a whole has nothing that it could compile better or worse than. */
function andSo(finding: Finding, report: Report): string {
  const { change, effect } = finding.evidence
  const isWhole = change === 'added' || change === 'removed'
  return isWhole && effect === 'none' ? '.' : `, and ${consequence(finding, report)}`
}

/** What a change does to the file, the end of a sentence. */
export function consequence(finding: Finding, report: Report): string {
  const { rejecter, accepters, take } = parties(finding, report)
  const { effect } = finding.evidence
  if (effect === 'mends') return 'that mends it: what is committed does not compile.'
  if (rejecter !== '') return `${rejecter} rejects them${accepters === '' ? '' : `, though ${accepters} ${take} them`}.`
  return effect === 'breaks'
    ? 'that breaks it, for a while: later stages hold other bytes.'
    : 'they compile no better and no worse.'
}

function uncommitted({ change, changeDetail, state }: Evidence, stage: string): string {
  if (state === 'deleted' || change === 'removed') return `Committed, and gone from ${stage}`
  if (change === 'added') {
    const untracked = state === 'untracked' ? ', untracked by git' : ''
    return `In ${stage}${untracked}, and in no commit that was looked at`
  }
  const staged = state === 'staged' ? '; they are staged, and not committed' : ''
  return `The bytes in ${stage} are not those of the commit${became(change, changeDetail)}${staged}`
}

function submoduleElsewhere({ commit, head }: NonNullable<Evidence['submodule']>): string {
  return `A submodule that is checked out at ${short(head ?? '')}, while ${short(commit)} is committed: what goes up is of another commit.`
}

function altered(finding: Finding, report: Report): string {
  const { from, to } = parties(finding, report)
  const { change, changeDetail } = finding.evidence
  if (change === 'added') return `Not in ${from}, only in ${to}`
  return `The bytes in ${to} are not those of ${from}${became(change, changeDetail)}`
}

/** Which earlier stage has the same bytes, where one has. */
export function hold({ evidence: { sameAs } }: Finding, report: Report): string {
  return sameAs === undefined ? '' : ` It holds the bytes of ${stageTitle(report, sameAs)}.`
}

function twice({ elsewhere, imagePath }: Evidence): string {
  if (elsewhere === undefined) return ''
  const others = listed(elsewhere.map(each => each.imagePath))
  return ` The image holds the file at ${imagePath} and at ${others}: Python imports the one whose directory comes first on sys.path.`
}
