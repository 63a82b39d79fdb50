import type { Finding } from '../model/finding.ts'
import type { Report } from '../model/report.ts'
import { briefBlock } from './brief-block.ts'
import { type Bounds, findingBlock } from './finding-block.ts'
import { type Fold, fold } from './fold.ts'
import type { Style } from './style.ts'
import { count } from './words.ts'

const everything: Bounds = { frames: Infinity, names: Infinity, sites: Infinity }
const usual: Bounds = { frames: 2, names: 8, sites: 6 }

/** More findings than these are told in a screenful: of each cause how many files, where, and the first place. */
const manyFindings = 30

/** Causes that are told by themselves when there are many findings. */
const mostBlocks = 5

/** Whether findings are so many that a report for a screen only counts them. */
export function isMany(findings: readonly Finding[]): boolean {
  return findings.length > manyFindings
}

/** A block for each cause, in the order in which the findings come; of many findings, one for all causes, those of most files first. */
export function findingBlocks(
  findings: readonly Finding[],
  report: Report,
  style: Style,
  verbose: boolean,
): readonly string[][] {
  const folds = fold(findings)
  const bounds = verbose ? everything : usual
  if (verbose || !isMany(findings)) return folds.map(each => findingBlock(each, report, style, bounds))
  const largest = folds.toSorted((a, b) => rank(a) - rank(b) || b.findings.length - a.findings.length)
  const rest = largest.slice(mostBlocks)
  const firstView = folds.length === 1 ? 'context' : 'code'
  return [
    [
      ...largest
        .slice(0, mostBlocks)
        .flatMap((each, i) => briefBlock(each, report, style, i === 0 ? firstView : 'sentence')),
      ...(rest.length === 0 ? [] : [style.dim(untold(rest))]),
    ],
  ]
}

/** Errors first. */
function rank({ findings: [{ severity }] }: Fold): number {
  return ['error', 'warning', 'note'].indexOf(severity)
}

/** `and 4 more causes, of 12 findings (--verbose tells them all)`. */
function untold(folds: readonly Fold[]): string {
  const findings = folds.reduce((sum, each) => sum + each.findings.length, 0)
  return `and ${count(folds.length, 'more cause')}, of ${count(findings, 'finding')} (--verbose tells them all)`
}
