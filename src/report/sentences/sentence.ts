import type { Finding, FindingCode } from '../../model/finding.ts'
import type { Report } from '../../model/report.ts'
import type { Fold } from '../fold.ts'
import { stageTitle } from '../words.ts'
import { alteredInImage, alteredInUpload, hold, uncommittedChange, writers } from './changed.ts'
import { pathCollision, policyConflict, provenanceMismatch } from './disagreeing.ts'
import { staleBytecode, staleInImage, unexpectedInImage } from './in-image.ts'
import { missingFromImage, missingFromUpload } from './missing.ts'
import { acceptersOnly, brokenSource, installed, syntaxWarning, versionSkew } from './rejected.ts'

/** What happened to the files of a fold, and how it is known; text from outside is not yet fit for a terminal. */
export function sentence(findings: Fold['findings'], report: Report): string {
  return [whatHappened(findings, report), whatItIs(findings[0]), scope(findings, report)]
    .filter(part => part !== '')
    .join(' ')
}

/** What of it a heading with the code and the first break leaves unsaid; '' where that is nothing. */
export function afterHeading(findings: Fold['findings'], report: Report): string {
  const [finding] = findings
  const rest = finding.firstBreak === null || finding.evidence.installed === true ? undefined : unsaid[finding.code]
  if (rest === undefined) return sentence(findings, report)
  return [rest(finding, report).trim(), whatItIs(finding), scope(findings, report)]
    .filter(part => part !== '')
    .join(' ')
}

const unsaid: Readonly<Partial<Record<FindingCode, (finding: Finding, report: Report) => string>>> = {
  'version-skew': acceptersOnly,
  'broken-source': () => '',
  'uncommitted-change': () => '',
  'altered-in-upload': hold,
  'altered-in-image': writers,
}

function whatHappened([finding, ...others]: Fold['findings'], report: Report): string {
  if (finding.evidence.installed === true) return installed(finding, report)
  return byCode[finding.code](finding, report, others.length > 0)
}

const byCode: Readonly<Record<FindingCode, (finding: Finding, report: Report, isOneOfMany: boolean) => string>> = {
  'version-skew': versionSkew,
  'broken-source': brokenSource,
  'uncommitted-change': uncommittedChange,
  'altered-in-upload': alteredInUpload,
  'altered-in-image': alteredInImage,
  'stale-in-image': staleInImage,
  'missing-from-upload': missingFromUpload,
  'missing-from-image': missingFromImage,
  'unexpected-in-image': unexpectedInImage,
  'stale-bytecode': staleBytecode,
  'path-collision': pathCollision,
  'policy-conflict': policyConflict,
  'provenance-mismatch': provenanceMismatch,
  'syntax-warning': syntaxWarning,
  undecided: ({ evidence: { reason } }) => `Could not tell: ${reason}.`,
}

/** That the bytes are no source at all; where they are the change itself, that is said already. */
function whatItIs({ evidence: { standsFor, change } }: Finding): string {
  if (standsFor === undefined || change === 'lfs-pointer') return ''
  return standsFor === 'git-lfs'
    ? 'It is a Git LFS pointer, and not the content that it stands for: git lfs pull fetches that.'
    : 'It is encrypted by git-crypt: it cannot be checked without the key.'
}

/** Whether it matters: the file is in the container, or it is not. */
function scope([{ code, shipped }, ...others]: Fold['findings'], report: Report): string {
  if (shipped !== false || code.startsWith('missing-')) return ''
  const last = stageTitle(report, report.stages.at(-1)!.name)
  return others.length > 0
    ? `None of them is in ${last}, so nothing there runs them.`
    : `It is not in ${last}, so nothing there runs it.`
}
