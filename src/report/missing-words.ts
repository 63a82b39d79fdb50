import type { Evidence, Finding } from '../model/finding.ts'
import { layerTitle } from './words.ts'

/** `the rule tests (.dockerignore:3)`. */
export function ruleTitle({ text, file, line }: NonNullable<Evidence['rule']>): string {
  return `the rule ${text} (${file}${line === null ? '' : `:${line}`})`
}

/** Why an image lacks a file: the end of a sentence that says so. */
export function whyMissing({ rule, copies, copiedBy, deletedBy, imagePath }: Finding['evidence']): string {
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
