import type { Finding } from '../../model/finding.ts'
import type { Report } from '../../model/report.ts'
import { cpython, stageTitle } from '../words.ts'
import { writtenBy } from './layers.ts'
import { parties } from './parties.ts'

/** The same bytes, which one interpreter takes and another one does not. */
export function versionSkew(finding: Finding, report: Report): string {
  const { rejecter } = parties(finding, report)
  return `${taken(finding, report)}, ${rejecter} rejects them.${contradicted(finding)}`
}

/** The same where it is known who rejects them. */
export function acceptersOnly(finding: Finding, report: Report): string {
  return `${taken(finding, report)}.${contradicted(finding)}`
}

function taken(finding: Finding, report: Report): string {
  const beginning = hasCommit(report)
    ? 'The bytes never changed, the interpreter did:'
    : 'Of the bytes that were looked at,'
  const { accepters, take } = parties(finding, report)
  return `${beginning} ${accepters} ${take} them`
}

function contradicted({ evidence: { contradictedBy = [] } }: Finding): string {
  return contradictedBy.length === 0 ? '' : ' Both are builds of one minor version, and disagree: see the remarks.'
}

/** What no interpreter takes, from the start. */
export function brokenSource(finding: Finding, report: Report, isOneOfMany: boolean): string {
  const beginning = hasCommit(report)
    ? 'Already broken as committed'
    : `Broken as ${stageTitle(report, report.stages[0]!.name)} has it`
  const { rejecter } = parties(finding, report)
  return `${beginning}: ${rejecter} rejects ${isOneOfMany ? 'them' : 'it'}, ${othersToo(report)}.`
}

/** Of a file of no stage's source, whatever its code. */
export function installed(finding: Finding, report: Report): string {
  const { rejecter, accepters, take } = parties(finding, report)
  const others = accepters === '' ? othersToo(report) : `though ${accepters} ${take} it`
  const { newDirectory } = finding.evidence
  if (newDirectory !== undefined) {
    const where = `In ${newDirectory} of the image, which the source does not have`
    return `${where}: ${rejecter} rejects it, ${others}. It matters if it is imported.${writtenBy(finding.evidence)}`
  }
  return `Installed in the image, and not of the source: ${rejecter} rejects it, ${others}. It matters if it is imported.`
}

/** What is taken with a warning, in the interpreter's words. */
export function syntaxWarning(
  { evidence: { interpreter = '', warning }, sites: [first] }: Finding,
  report: Report,
): string {
  return `${cpython(report, interpreter)} takes it, and warns (${warning?.category}): ${first?.message}`
}

/** Where no commit was looked at, nobody can tell what it held. */
function hasCommit({ stages }: Report): boolean {
  return stages.some(({ place }) => place === 'commit')
}

/** What is to be said of interpreters besides the one that rejects a file, where none takes it. */
function othersToo({ interpreters }: Report): string {
  return interpreters.length === 1 ? 'and no other interpreter was asked' : 'and so does every other interpreter asked'
}
