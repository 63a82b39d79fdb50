import type { Conflict, Finding } from '../model/finding.ts'
import type { Report } from '../model/report.ts'
import type { Fold } from './fold.ts'
import { ruleTitle, whyMissing } from './missing-words.ts'
import { pastCommit } from './past-words.ts'
import { count, cpython, listed, short, stageTitle } from './words.ts'

/** What happened to the files of a fold, and how it is known; text from outside is not yet fit for a terminal. */
export function sentence(findings: Fold['findings'], report: Report): string {
  return [whatHappened(findings[0], report), scope(findings, report)].filter(part => part !== '').join(' ')
}

function whatHappened({ code, firstBreak, evidence }: Finding, report: Report): string {
  const { before, after, change, effect, acceptedBy = [], layer, rule, reason, sameAs, conflict, past } = evidence
  const rejecter = firstBreak === null ? '' : cpython(report, firstBreak.interpreter)
  const accepters = listed(acceptedBy.map(id => cpython(report, id)))
  const [from, to] = [stageTitle(report, before?.stage ?? ''), stageTitle(report, after?.stage ?? '')]
  const hold = sameAs === undefined ? '' : ` It holds the bytes of ${stageTitle(report, sameAs)}.`
  if (evidence.installed === true) return installed(rejecter, accepters)
  switch (code) {
    case 'version-skew':
      return `The bytes never changed, the interpreter did: ${accepters} takes them, ${rejecter} rejects them.`
    case 'broken-source':
      return `Already broken as committed: ${rejecter} rejects it, and so does every other interpreter asked.`
    case 'uncommitted-change':
      return `${uncommitted(change, to)}, and ${consequence(effect, rejecter, accepters)}`
    case 'altered-in-upload':
      return `The bytes in ${to} are not those of ${from}, and ${consequence(effect, rejecter, accepters)}${hold}`
    case 'altered-in-image': {
      const by = layer === undefined ? '' : ` ${layerTitle(layer)} ${wrote(evidence, layer.index)}`
      const what = change === 'added' ? `Not in ${from}, only in ${to}` : `The bytes in ${to} are not those of ${from}`
      return `${what}, and ${consequence(effect, rejecter, accepters)}${by}${twice(evidence)}${hold}`
    }
    case 'unexpected-in-image':
      return `In ${to}, where the source is, and not in ${from}.${writtenBy(layer)}`
    case 'stale-bytecode':
      return `${bytecode(evidence)}${writtenBy(layer)}`
    case 'stale-in-image':
      return stale(evidence, to) + (rejecter === '' ? '' : ` And ${consequence(effect, rejecter, accepters)}`)
    case 'missing-from-upload':
      if (rule === undefined) return `In ${from}, and not in ${to}.`
      return `In ${from}, and not in ${to}: ${ruleTitle(rule)} keeps it out.`
    case 'missing-from-image':
      return `In ${from}, and not in ${to}${past === undefined ? whyMissing(evidence) : `. The image holds files of ${pastCommit(past)}, and it is not in there either.`}`
    case 'policy-conflict':
      return conflict === undefined ? '' : disagreement(conflict)
    case 'undecided':
      return `Could not tell: ${reason}.`
  }
}

function writtenBy(layer: Finding['evidence']['layer']): string {
  if (layer === undefined) return ''
  return ` ${layerTitle(layer)} wrote it.`
}

function bytecode({ bytecode: reason }: Finding['evidence']): string {
  const why = {
    'unchecked-hash': 'it is marked to be run without a look into the source',
    timestamp: 'the time and the size of the source are those it names',
    sourceless: 'there is no source beside it',
  }[reason ?? 'sourceless']
  return `A .pyc that was made of another source: Python runs it when the module is imported, because ${why}.`
}

function twice({ elsewhere, imagePath }: Finding['evidence']): string {
  if (elsewhere === undefined) return ''
  const others = listed(elsewhere.map(each => each.imagePath))
  return ` The image holds the file at ${imagePath} and at ${others}: Python imports the one whose directory comes first on sys.path.`
}

function installed(rejecter: string, accepters: string): string {
  const others = accepters === '' ? 'and so does every other interpreter asked' : `though ${accepters} takes it`
  return `Installed in the image, and not of the source: ${rejecter} rejects it, ${others}. It matters if it is imported.`
}

function stale({ past, paths = [] }: Finding['evidence'], stage: string): string {
  if (past === undefined) return ''
  const where = paths.length > 1 || past.behind !== null ? '' : `, where they stood at ${past.path}`
  const what =
    paths.length > 1 ? `${count(paths.length, 'file')} of ${stage}` : stage[0]!.toUpperCase() + stage.slice(1)
  const holds = paths.length > 1 ? 'hold' : 'holds'
  return `${what} ${holds} the bytes of ${pastCommit(past)}${where}: it was not built from what was uploaded.`
}

/** What the layers did, from the one on that is to blame. */
function wrote({ writes = [] }: Finding['evidence'], culprit: number): string {
  const before = writes.findLast(({ index, asBefore }) => asBefore && index < culprit)
  const later = writes
    .filter(({ index, kind }) => index > culprit && kind === 'written')
    .map(({ index }) => String(index))
  const until = before === undefined ? '' : ` Up to layer ${before.index} (${instruction(before)}) they were the same.`
  const did = writes.some(({ index, kind }) => index === culprit && kind !== 'written') ? 'removed it' : 'wrote them'
  return `${did}.${until}${later.length === 0 ? '' : ` Layer ${listed(later)} wrote it again.`}`
}

function layerTitle(layer: NonNullable<Finding['evidence']['layer']>): string {
  return `Layer ${layer.index} (${short(layer.diffId)}), ${instruction(layer)},`
}

function instruction({ createdBy }: { readonly createdBy: string | null }): string {
  return createdBy ?? 'whose instruction is not recorded'
}

function disagreement({ kind, declared }: Conflict): string {
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

function uncommitted(change: string | undefined, stage: string): string {
  if (change === 'added') return `In ${stage}, and in no commit that was looked at`
  return change === 'removed'
    ? `Committed, and gone from ${stage}`
    : `The bytes in ${stage} are not those of the commit`
}

function consequence(effect: string | undefined, rejecter: string, accepters: string): string {
  if (effect === 'mends') return 'that mends it: what is committed does not compile.'
  if (rejecter !== '') return `${rejecter} rejects them${accepters === '' ? '' : `, though ${accepters} takes them`}.`
  return effect === 'breaks'
    ? 'that breaks it, for a while: later stages hold other bytes.'
    : 'they compile no better and no worse.'
}

/** Whether it matters: the file is in the container, or it is not. */
function scope([{ code, shipped }, ...others]: Fold['findings'], report: Report): string {
  if (shipped !== false || code.startsWith('missing-')) return ''
  const last = stageTitle(report, report.stages.at(-1)!.name)
  return others.length > 0
    ? `None of them is in ${last}, so nothing there runs them.`
    : `It is not in ${last}, so nothing there runs it.`
}
