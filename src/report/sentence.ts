import type { Conflict, Finding } from '../model/finding.ts'
import type { Report } from '../model/report.ts'
import type { Fold } from './fold.ts'
import { cpython, listed, short, stageTitle } from './words.ts'

/** What happened to the files of a fold, and how it is known; text from outside is not yet fit for a terminal. */
export function sentence(findings: Fold['findings'], report: Report): string {
  return [whatHappened(findings[0], report), scope(findings, report)].filter(part => part !== '').join(' ')
}

function whatHappened({ code, firstBreak, evidence }: Finding, report: Report): string {
  const {
    before,
    after,
    change,
    effect,
    acceptedBy = [],
    contradictedBy = [],
    layer,
    rule,
    reason,
    sameAs,
    conflict,
  } = evidence
  const rejecter = firstBreak === null ? '' : cpython(report, firstBreak.interpreter)
  const accepters = listed(acceptedBy.map(id => cpython(report, id)))
  const [from, to] = [stageTitle(report, before?.stage ?? ''), stageTitle(report, after?.stage ?? '')]
  const hold = sameAs === undefined ? '' : ` It holds the bytes of ${stageTitle(report, sameAs)}.`
  const contradicted =
    contradictedBy.length === 0 ? '' : ' Both are builds of one minor version, and disagree: see the remarks.'
  switch (code) {
    case 'version-skew':
      return `The bytes never changed, the interpreter did: ${accepters} takes them, ${rejecter} rejects them.${contradicted}`
    case 'broken-source':
      return `Already broken as committed: ${rejecter} rejects it, and so does every other interpreter asked.`
    case 'uncommitted-change':
      return `${uncommitted(change, to)}, and ${consequence(effect, rejecter, accepters)}`
    case 'altered-in-upload':
      return `The bytes in ${to} are not those of ${from}, and ${consequence(effect, rejecter, accepters)}${hold}`
    case 'altered-in-image': {
      const by =
        layer === undefined
          ? ''
          : ` Layer ${layer.index} (${short(layer.diffId)}) wrote them: ${layer.createdBy ?? 'its instruction is not recorded'}.`
      const what = change === 'added' ? `Not in ${from}, only in ${to}` : `The bytes in ${to} are not those of ${from}`
      return `${what}, and ${consequence(effect, rejecter, accepters)}${by}${hold}`
    }
    case 'missing-from-upload':
      if (rule === undefined) return `In ${from}, and not in ${to}.`
      return `In ${from}, and not in ${to}: the rule ${rule.text} (${rule.file}${rule.line === null ? '' : `:${rule.line}`}) keeps it out.`
    case 'missing-from-image':
      return `In ${from}, and not in ${to}.`
    case 'policy-conflict':
      return conflict === undefined ? '' : disagreement(conflict)
    case 'undecided':
      return `Could not tell: ${reason}.`
  }
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
