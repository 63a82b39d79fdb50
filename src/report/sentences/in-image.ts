import { capitalized } from '../../model/capitalized.ts'
import type { Evidence, Finding } from '../../model/finding.ts'
import type { Report } from '../../model/report.ts'
import { count } from '../words.ts'
import { consequence } from './changed.ts'
import { writtenBy } from './layers.ts'
import { parties } from './parties.ts'
import { pastCommit } from './past-words.ts'

/** A file, or a directory of files, that came into the image without going up. */
export function unexpectedInImage(finding: Finding, report: Report): string {
  const { from, to } = parties(finding, report)
  const { imagePath, paths = [] } = finding.evidence
  if (paths.length === 0) return `In ${to}, where the source is, and not in ${from}.${writtenBy(finding.evidence)}`
  const what = `${count(paths.length, 'Python file')} below ${imagePath}`
  return `${capitalized(to)} holds ${what}, which ${from} does not have.${writtenBy(finding.evidence, 'them')}`
}

/** Bytes of an earlier commit. */
export function staleInImage(finding: Finding, report: Report): string {
  const { to, rejecter } = parties(finding, report)
  return stale(finding.evidence, to) + (rejecter === '' ? '' : ` And ${consequence(finding, report)}`)
}

function stale({ past, paths = [] }: Evidence, stage: string): string {
  if (past === undefined) return ''
  const where = paths.length > 1 || past.behind !== null ? '' : `, where they stood at ${past.path}`
  const what = paths.length > 1 ? `${count(paths.length, 'file')} of ${stage}` : capitalized(stage)
  const holds = paths.length > 1 ? 'hold' : 'holds'
  return `${what} ${holds} the bytes of ${pastCommit(past)}${where}: it was not built from what was uploaded.`
}

/** Bytecode of another source, and why Python runs it. */
export function staleBytecode({ evidence }: Finding): string {
  const why = {
    'unchecked-hash': 'it is marked to be run without a look into the source',
    timestamp: 'the time and the size of the source are those it names',
    sourceless: 'there is no source beside it',
  }[evidence.bytecode ?? 'sourceless']
  return `A .pyc that was made of another source: Python runs it when the module is imported, because ${why}.${writtenBy(evidence)}`
}
