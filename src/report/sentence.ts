import type { Collision, Conflict, Evidence, Finding, Provenance, Site } from '../model/finding.ts'
import type { Report } from '../model/report.ts'
import { became } from './change-words.ts'
import type { Fold } from './fold.ts'
import { ruleTitle, whyMissing } from './missing-words.ts'
import { fromTheStart, neverChanged } from './origin-words.ts'
import { pastCommit } from './past-words.ts'
import { count, cpython, layerTitle, listed, short, stageTitle } from './words.ts'

/** What happened to the files of a fold, and how it is known; text from outside is not yet fit for a terminal. */
export function sentence(findings: Fold['findings'], report: Report): string {
  return [whatHappened(findings, report), whatItIs(findings[0]), scope(findings, report)]
    .filter(part => part !== '')
    .join(' ')
}

/** That the bytes are no source at all; where they are the change itself, that is said already. */
function whatItIs({ evidence: { standsFor, change } }: Finding): string {
  if (standsFor === undefined || change === 'lfs-pointer') return ''
  return standsFor === 'git-lfs'
    ? 'It is a Git LFS pointer, and not the content that it stands for: git lfs pull fetches that.'
    : 'It is encrypted by git-crypt: it cannot be checked without the key.'
}

function whatHappened(findings: Fold['findings'], report: Report): string {
  const { code, firstBreak, evidence, sites } = findings[0]
  const {
    before,
    after,
    effect,
    acceptedBy = [],
    contradictedBy = [],
    layer,
    reason,
    sameAs,
    conflict,
    collision,
    provenance,
    past,
  } = evidence
  const rejecter = firstBreak === null ? '' : cpython(report, firstBreak.interpreter)
  const accepters = listed(acceptedBy.map(id => cpython(report, id)))
  const [from, to] = [stageTitle(report, before?.stage ?? ''), stageTitle(report, after?.stage ?? '')]
  const hold = sameAs === undefined ? '' : ` It holds the bytes of ${stageTitle(report, sameAs)}.`
  const contradicted =
    contradictedBy.length === 0 ? '' : ' Both are builds of one minor version, and disagree: see the remarks.'
  if (evidence.installed === true) return installed(rejecter, accepters, report)
  switch (code) {
    case 'version-skew':
      return `${neverChanged(report)} ${accepters} takes them, ${rejecter} rejects them.${contradicted}`
    case 'broken-source':
      return `${fromTheStart(report)}: ${rejecter} rejects ${findings.length === 1 ? 'it' : 'them'}, ${othersToo(report)}.`
    case 'uncommitted-change':
      if (evidence.submodule !== undefined) return submoduleElsewhere(evidence.submodule)
      return `${uncommitted(evidence, to)}${andSo(evidence, consequence(effect, rejecter, accepters))}`
    case 'altered-in-upload':
      return `${altered(evidence, from, to)}${andSo(evidence, consequence(effect, rejecter, accepters))}${hold}`
    case 'altered-in-image': {
      const by = layer === undefined ? '' : ` ${byLayer(layer)} ${wrote(evidence, layer.index)}`
      return `${altered(evidence, from, to)}${andSo(evidence, consequence(effect, rejecter, accepters))}${by}${twice(evidence)}${hold}`
    }
    case 'unexpected-in-image':
      return `In ${to}, where the source is, and not in ${from}.${writtenBy(layer)}`
    case 'stale-bytecode':
      return `${bytecode(evidence)}${writtenBy(layer)}`
    case 'stale-in-image':
      return stale(evidence, to) + (rejecter === '' ? '' : ` And ${consequence(effect, rejecter, accepters)}`)
    case 'missing-from-upload':
      return notUploaded(evidence, from, to)
    case 'missing-from-image':
      return `In ${from}, and not in ${to}${past === undefined ? whyMissing(evidence) : `. The image holds files of ${pastCommit(past)}, and it is not in there either.`}`
    case 'path-collision':
      return collision === undefined ? '' : colliding(collision, report)
    case 'policy-conflict':
      return conflict === undefined ? '' : disagreement(conflict)
    case 'provenance-mismatch':
      return provenance === undefined ? '' : mismatch(provenance, report)
    case 'syntax-warning':
      return warned(evidence, sites, report)
    case 'undecided':
      return `Could not tell: ${reason}.`
  }
}

function writtenBy(layer: Finding['evidence']['layer']): string {
  if (layer === undefined) return ''
  return ` ${byLayer(layer)} wrote it.`
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

function warned({ interpreter = '', warning }: Evidence, [first]: readonly Site[], report: Report): string {
  return `${cpython(report, interpreter)} takes it, and warns (${warning?.category}): ${first?.message}`
}

/** What is to be said of interpreters besides the one that rejects a file, where none takes it. */
function othersToo({ interpreters }: Report): string {
  return interpreters.length === 1 ? 'and no other interpreter was asked' : 'and so does every other interpreter asked'
}

function installed(rejecter: string, accepters: string, report: Report): string {
  const others = accepters === '' ? othersToo(report) : `though ${accepters} takes it`
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

function byLayer(layer: NonNullable<Finding['evidence']['layer']>): string {
  return `${sentenceStart(layerTitle(layer))}, ${instruction(layer)},`
}

function instruction({ createdBy }: { readonly createdBy: string | null }): string {
  return createdBy ?? 'whose instruction is not recorded'
}

function mismatch({ stage, by, recorded, found }: Provenance, report: Report): string {
  return `${sentenceStart(by)} records ${recorded} for ${stageTitle(report, stage)}; looked at was ${found}.`
}

function sentenceStart(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
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

function uncommitted({ change, changeDetail, state }: Evidence, stage: string): string {
  if (state === 'deleted' || change === 'removed') return `Committed, and gone from ${stage}`
  if (change === 'added') {
    const untracked = state === 'untracked' ? ', untracked by git' : ''
    return `In ${stage}${untracked}, and in no commit that was looked at`
  }
  const staged = state === 'staged' ? '; they are staged, and not committed' : ''
  return `The bytes in ${stage} are not those of the commit${became(change, changeDetail)}${staged}`
}

function altered({ change, changeDetail }: Evidence, from: string, to: string): string {
  if (change === 'added') return `Not in ${from}, only in ${to}`
  return `The bytes in ${to} are not those of ${from}${became(change, changeDetail)}`
}

function notUploaded({ rule, sparse, submodule, link }: Evidence, from: string, to: string): string {
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

type SubmoduleEvidence = NonNullable<Evidence['submodule']>

function submoduleMissing({ state, commit }: SubmoduleEvidence, to: string): string {
  const how = {
    absent: 'a submodule whose directory is not on disk',
    empty: 'a submodule that was never checked out: its directory is empty',
    present: 'a submodule that is checked out',
  }[state]
  const next = state === 'present' ? '' : ' Run git submodule update --init.'
  return `${how[0]!.toUpperCase()}${how.slice(1)}, and nothing of it is in ${to}; committed is ${short(commit)}.${next}`
}

function submoduleElsewhere({ commit, head }: SubmoduleEvidence): string {
  return `A submodule that is checked out at ${short(head ?? '')}, while ${short(commit)} is committed: what goes up is of another commit.`
}

function colliding({ kind, paths }: Collision, report: Report): string {
  const held = paths.map(({ path, stages }) => `${path} (in ${listed(stages.map(stage => stageTitle(report, stage)))})`)
  const difference = kind === 'case' ? 'upper and lower case' : 'Unicode normalization'
  const isTogether = paths.some(({ stages }, i) =>
    paths.slice(i + 1).some(each => each.stages.some(one => stages.includes(one))),
  )
  const harm = isTogether
    ? 'a disk that does not tell them apart, as those of macOS and Windows, keeps one of them.'
    : 'Linux takes them for two files, and an import finds only the one that is spelt as it says.'
  return `${listed(held)} differ only in ${difference}: ${harm}`
}

/** What came or went as a whole has nothing that it could compile better or worse than. */
function andSo({ change, effect }: Evidence, consequence: string): string {
  const isWhole = change === 'added' || change === 'removed'
  return isWhole && effect === 'none' ? '.' : `, and ${consequence}`
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
