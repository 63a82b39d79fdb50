import { capitalized } from '../../model/capitalized.ts'
import type { Evidence, Finding } from '../../model/finding.ts'
import type { Report } from '../../model/report.ts'
import { count, layerTitle, short } from '../words.ts'
import { parties } from './parties.ts'
import { pastCommit } from './past-words.ts'

/** What does not go up, and what keeps it. */
export function missingFromUpload(finding: Finding, report: Report): string {
  const { from, to } = parties(finding, report)
  const { rule, sparse, submodule, link } = finding.evidence
  if (link !== undefined && rule === undefined) return lostLink(link, to)
  if (submodule !== undefined) return submoduleMissing(submodule, to)
  if (sparse === true) return `In ${from}, and not in ${to}: a sparse checkout leaves it out of the working tree.`
  if (rule === undefined) return `In ${from}, and not in ${to}.`
  const classic = /(?:^|\/)\.gitignore$/.test(rule.file)
    ? ' Git itself does not apply it to files that it tracks; gcloud does.'
    : ''
  return `In ${from}, and not in ${to}: ${ruleTitle(rule)} keeps it out.${classic}`
}

function lostLink({ target, files }: NonNullable<Evidence['link']>, to: string): string {
  const holds = `A link to ${target}, which holds ${count(files, 'Python file')}`
  return `${holds}; ${to} has no link and no file there, as gcloud puts an empty directory into a .zip: imports through it fail.`
}

function submoduleMissing({ state, commit }: NonNullable<Evidence['submodule']>, to: string): string {
  const how = {
    absent: 'a submodule whose directory is not on disk',
    empty: 'a submodule that was never checked out: its directory is empty',
    present: 'a submodule that is checked out',
  }[state]
  const next = state === 'present' ? '' : ' Run git submodule update --init.'
  return `${capitalized(how)}, and nothing of it is in ${to}; committed is ${short(commit)}.${next}`
}

/** What the image lacks, and where it was lost. */
export function missingFromImage(finding: Finding, report: Report): string {
  const { from, to } = parties(finding, report)
  const { past } = finding.evidence
  const why =
    past === undefined
      ? whyMissing(finding.evidence)
      : `. The image holds files of ${pastCommit(past)}, and it is not in there either.`
  return `In ${from}, and not in ${to}${why}`
}

/** The end of a sentence that says that an image lacks a file. */
function whyMissing({ rule, copies, copiedBy, deletedBy, imagePath }: Evidence): string {
  if (rule !== undefined) return `: ${ruleTitle(rule)} keeps it out of the build.`
  if (copies !== undefined) {
    const shown = copies.slice(0, 3).map(({ from, text }) => `${from} ${text}`)
    const more = copies.length > 3 ? ` and ${copies.length - 3} more` : ''
    return copies.length === 0
      ? ': the Dockerfile copies no file.'
      : `: no instruction brings it into the image (${shown.join(', ')}${more}).`
  }
  if (copiedBy === undefined) return '.'
  const put = `, though ${copiedBy.from} ${copiedBy.text} puts it at ${imagePath}`
  if (deletedBy === undefined) return `${put}: no layer of the image tells what became of it.`
  const { createdBy } = deletedBy
  return `${put}: ${layerTitle(deletedBy)} deleted it: ${createdBy ?? 'its instruction is not recorded'}.`
}

/** `the rule tests (.dockerignore:3)`. */
function ruleTitle({ text, file, line }: NonNullable<Evidence['rule']>): string {
  return `the rule ${text} (${file}${line === null ? '' : `:${line}`})`
}
