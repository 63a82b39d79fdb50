import type { Finding, FindingCode } from '../../model/finding.ts'
import type { Report } from '../../model/report.ts'
import type { Fold } from '../fold.ts'
import { stageTitle } from '../words.ts'
import { alteredInImage, alteredInUpload, uncommittedChange } from './changed.ts'
import { pathCollision, policyConflict, provenanceMismatch } from './disagreeing.ts'
import { staleBytecode, staleInImage, unexpectedInImage } from './in-image.ts'
import { missingFromImage, missingFromUpload } from './missing.ts'
import { brokenSource, installed, syntaxWarning, versionSkew } from './rejected.ts'

/** What happened to the files of a fold, and how it is known; text from outside is not yet fit for a terminal. */
export function sentence(findings: Fold['findings'], report: Report): string {
  return [whatHappened(findings[0], report), whatItIs(findings[0]), scope(findings, report)]
    .filter(part => part !== '')
    .join(' ')
}

function whatHappened(finding: Finding, report: Report): string {
  return finding.evidence.installed === true ? installed(finding, report) : byCode[finding.code](finding, report)
}

const byCode: Readonly<Record<FindingCode, (finding: Finding, report: Report) => string>> = {
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
