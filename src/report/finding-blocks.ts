import type { Finding } from '../model/finding.ts'
import type { Report } from '../model/report.ts'
import { type Bounds, findingBlock } from './finding-block.ts'
import { type Fold, fold } from './fold.ts'
import type { Style } from './style.ts'
import { count } from './words.ts'

const everything: Bounds = { frames: Infinity, names: Infinity, sites: Infinity }
const usual: Bounds = { frames: 2, names: 8, sites: 6 }

/** More findings than these are told in a screenful: the code of one file, of the others how many there are and where. */
const manyFindings = 30
const firstOfMany: Bounds = { frames: 1, names: 0, sites: 1, counted: true }
const othersOfMany: Bounds = { frames: 0, names: 1, sites: 0, counted: true }

/** Causes that are told by themselves when there are many findings. */
const mostBlocks = 8

/** Whether findings are so many that a report for a screen only counts them. */
export function isMany(findings: readonly Finding[]): boolean {
  return findings.length > manyFindings
}

/** A block for each cause, in the order in which the findings come; of many findings, the first, and the others as one. */
export function findingBlocks(
  findings: readonly Finding[],
  report: Report,
  style: Style,
  verbose: boolean,
): readonly string[][] {
  const folds = fold(findings)
  const block = (bounds: Bounds) => (each: Fold) => findingBlock(each, report, style, bounds)
  if (verbose || !isMany(findings)) return folds.map(block(verbose ? everything : usual))
  const rest = folds.slice(mostBlocks)
  return [
    ...folds.slice(0, 1).map(block(firstOfMany)),
    [
      ...folds.slice(1, mostBlocks).flatMap(block(othersOfMany)),
      ...(rest.length === 0 ? [] : [style.dim(untold(rest))]),
    ],
  ]
}

/** `and 4 more causes, of 12 findings (--verbose tells them all)`. */
function untold(folds: readonly Fold[]): string {
  const findings = folds.reduce((sum, each) => sum + each.findings.length, 0)
  return `and ${count(folds.length, 'more cause')}, of ${count(findings, 'finding')} (--verbose tells them all)`
}
