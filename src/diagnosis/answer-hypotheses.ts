import type { BytecodeAnswers } from '../model/bytecode.ts'
import { grouped } from '../model/grouped.ts'
import { type Hypothesis, type HypothesisId, hypothesisIds } from '../model/hypothesis.ts'
import type { CastInterpreter } from '../model/interpreter.ts'
import type { Place } from '../model/stage.ts'
import { beforeImage, checkedOut, countPairs, kindOf, stepOf } from './count-places.ts'
import type { Draft } from './drafts/draft.ts'
import { deployInterpreters, type Judged } from './drafts/judged.ts'
import { type Counted, explainedBy, orderHypotheses } from './order-hypotheses.ts'
import { type Platforms, platformDiffers } from './platform/platform-differs.ts'

type Answer = Omit<Counted, 'id' | 'explains'>

/** What the answers are counted from. */
export interface Examined extends Judged, Platforms {
  readonly bytecode: BytecodeAnswers
  readonly drafts: readonly Draft[]
  /** Whether bytes of an image may lie behind the cut of a shallow clone. */
  readonly cutShort: boolean
}

/** Answers every theory, what explains most first; what was not looked at is said with what to pass. */
export function answerHypotheses(examined: Examined): Hypothesis[] {
  const { drafts } = examined
  const places = new Set(examined.traces.flatMap(({ steps }) => steps.map(({ stage }) => stage.place)))
  const answer = (id: HypothesisId) => withoutCommit(id, places) ?? answers[id](examined)
  return orderHypotheses(hypothesisIds.map(id => ({ id, explains: explainedBy(id, drafts), ...answer(id) })))
}

/** What is told by what came before; null where a commit was looked at, or it takes none. */
function withoutCommit(id: HypothesisId, places: ReadonlySet<Place>): Answer | null {
  if (places.has('commit') || id === 'interpreter-differs' || id === 'stale-bytecode' || id === 'platform-differs')
    return null
  if (id === 'bytes-altered-in-build' && places.has('upload')) return null
  return notExamined('no commit was looked at; pass --repo')
}

const answers: Readonly<Record<HypothesisId, (examined: Examined) => Answer>> = {
  'interpreter-differs': interpreterDiffers,
  'bytes-altered-in-upload': alteredInUpload,
  'bytes-altered-in-build': alteredInBuild,
  'stale-image': staleImage,
  'uncommitted-source': uncommittedSource,
  'broken-before-commit': brokenBeforeCommit,
  'files-dropped': filesDropped,
  'stale-bytecode': staleBytecode,
  'platform-differs': examined => ({ ...platformDiffers(examined), about: 0 }),
}

function interpreterDiffers({ traces, interpreters, verdictOf }: Examined): Answer {
  const deploy = deployInterpreters(interpreters)
  const others = interpreters.filter(each => !deploy.includes(each) || deploy.length > 1)
  if (others.length === 0) return notExamined('only one interpreter was asked; pass --dev-python')
  const rejected = new Set<string>()
  const skewed = new Set<string>()
  const contents = new Set<string>()
  for (const { path, steps } of traces) {
    for (const { file } of steps) {
      if (file?.kind !== 'file') continue
      contents.add(file.sha256)
      if (!deploy.some(each => verdictOf(file, each).kind === 'breaks')) continue
      rejected.add(path)
      if (others.some(each => verdictOf(file, each).kind === 'compiles')) skewed.add(path)
    }
  }
  const names = `${versions(deploy)} and ${versions(interpreters.filter(each => !deploy.includes(each)))}`
  if (skewed.size > 0) {
    const who = deploy.length < interpreters.length ? names : versions(interpreters)
    return confirmed(
      skewed.size,
      `CPython ${who} disagree on ${files(skewed.size)} of ${grouped(rejected.size)} rejected`,
    )
  }
  const judged = contents.size === 1 ? 'the one content' : `each of ${grouped(contents.size)} contents`
  return refuted(`CPython ${versions(interpreters)} agree on ${judged}`)
}

function alteredInUpload(examined: Examined): Answer {
  const kind = kindOf(examined.traces, 'upload')
  if (kind === null) return notExamined('no archive was looked at; pass --upload FILE')
  if (kind === 'predicted-upload') {
    return notExamined(
      'the upload was predicted from the working tree; pass --upload FILE with the archive that was sent',
    )
  }
  const altered = paths(examined, 'altered-in-upload')
  const both = countPairs(examined.traces, 'upload')
  if (altered > 0)
    return confirmed(
      altered,
      `${files(altered)} of ${grouped(both)} with other bytes in the archive than in the working tree`,
    )
  const otherwise = checkedOut(examined, 'upload')
  const form = otherwise === 0 ? '' : `, ${grouped(otherwise)} of them as git checks them out`
  return refuted(
    `${files(both)} of ${grouped(both)} with the same bytes in the archive as in the working tree or the commit${form}`,
  )
}

function alteredInBuild(examined: Examined): Answer {
  if (kindOf(examined.traces, 'image') === null) return noImage(examined)
  const [altered, stale] = [paths(examined, 'altered-in-image'), paths(examined, 'stale-in-image')]
  const both = countPairs(examined.traces, 'image')
  if (altered === 0 && stale > 0)
    return refuted(
      `${files(both - stale)} of ${grouped(both)} with the same bytes in the image, the others are of an earlier commit`,
    )
  if (altered > 0)
    return confirmed(
      altered,
      `${files(altered)} of ${grouped(both)} with other bytes in the image than in ${beforeImage(examined)}`,
    )
  return refuted(`${files(both)} of ${grouped(both)} with the same bytes in the image as in ${beforeImage(examined)}`)
}

function staleImage(examined: Examined): Answer {
  if (kindOf(examined.traces, 'image') === null) return noImage(examined)
  const [stale, altered] = [paths(examined, 'stale-in-image'), paths(examined, 'altered-in-image')]
  const both = countPairs(examined.traces, 'image')
  if (stale > 0)
    return confirmed(stale, `${files(stale)} of ${grouped(both)} with the bytes of an earlier commit in the image`)
  if (altered === 0)
    return refuted(
      `${files(both)} of ${grouped(both)} with the bytes of ${beforeImage(examined)} in the image: none is older`,
    )
  const counted = `${files(altered)} of ${grouped(both)} with other bytes in the image, none of them in an earlier commit`
  return examined.cutShort ? notExamined(`${counted} of this shallow clone; git fetch --unshallow`) : refuted(counted)
}

function uncommittedSource(examined: Examined): Answer {
  const kind = kindOf(examined.traces, 'worktree')
  if (kind === null) return notExamined('no working tree was looked at')
  const changed = examined.drafts.filter(({ code }) => code === 'uncommitted-change')
  const compared = examined.traces.filter(({ steps }) => stepOf(steps, 'worktree')?.file != null).length
  const number = new Set(changed.map(({ trace }) => trace.path)).size
  if (number === 0) {
    const otherwise = checkedOut(examined, 'worktree')
    const form = otherwise === 0 ? '' : `, ${grouped(otherwise)} of them in the form that git gives them on checkout`
    return refuted(`${files(compared)} of ${grouped(compared)} in the working tree as committed${form}`)
  }
  const breaking = new Set(changed.filter(({ breaks }) => breaks !== null).map(({ trace }) => trace.path)).size
  return confirmed(
    number,
    `${files(number)} in the working tree or the upload not as committed, ${grouped(breaking)} broken by that`,
  )
}

function brokenBeforeCommit({ traces, interpreters, verdictOf, comparison }: Examined): Answer {
  const committed = traces.flatMap(({ steps }) => stepOf(steps, 'commit')?.file ?? [])
  const judged = committed.filter(file => file.kind === 'file' && !comparison.standIns.has(file))
  const broken = judged.filter(file => interpreters.every(each => verdictOf(file, each).kind === 'breaks')).length
  const accepted = judged.filter(file => interpreters.some(each => verdictOf(file, each).kind === 'compiles')).length
  const all = `CPython ${versions(interpreters)}`
  if (broken > 0)
    return confirmed(broken, `as committed, ${files(broken)} of ${grouped(judged.length)} rejected by ${all}`)
  const some = interpreters.length === 1 ? all : `at least one of ${all}`
  const counted = `as committed, ${files(accepted)} of ${grouped(judged.length)} accepted by ${some}`
  return accepted === judged.length ? refuted(counted) : notExamined(`${counted}; of the others nobody could tell`)
}

function filesDropped(examined: Examined): Answer {
  const [upload, image] = [paths(examined, 'missing-from-upload'), paths(examined, 'missing-from-image')]
  const looked = (['upload', 'image'] as const).filter(place => kindOf(examined.traces, place) !== null)
  if (looked.length === 0 && examined.described.size > 0) return noImage(examined)
  if (looked.length === 0) return notExamined('neither an upload nor an image was looked at')
  if (upload + image === 0) return refuted(`every tracked Python file is in the ${looked.join(' and the ')}`)
  const places = [
    ...(upload > 0 ? [`${files(upload)} did not go up`] : []),
    ...(image > 0 ? [`${files(image)} did not reach the image`] : []),
  ]
  return confirmed(upload + image, places.join(', '))
}

function staleBytecode(examined: Examined): Answer {
  const { askers, total, stale, unknown } = examined.bytecode
  if (kindOf(examined.traces, 'image') === null) return noImage(examined)
  if (askers.length === 0)
    return notExamined('which Python from 3.7 on runs the image is not known; pass --deploy-python')
  const which = `that CPython ${askers.join(', ')} would find`
  if (stale.length > 0)
    return confirmed(
      stale.length,
      `${files(stale.length)} of ${grouped(total)} .pyc ${which} made of another source, and run`,
    )
  if (unknown.length > 0)
    return notExamined(
      `of ${grouped(unknown.length)} of ${grouped(total)} .pyc ${which} nobody can tell what they were made of`,
    )
  return refuted(
    total === 0
      ? `no .pyc of the source's files ${which}`
      : `none of ${grouped(total)} .pyc ${which} is run and made of another source`,
  )
}

/** No file was followed into an image: there is none, or the source is in none. */
function noImage({ described }: Examined): Answer {
  if (described.size === 0) return notExamined('no image was looked at; pass --image IMAGE')
  const where = described.size === 1 ? 'the image' : 'any of the images'
  return notExamined(`nothing of the source was found in ${where}; pass --map IMAGE_DIR=SOURCE_DIR`)
}

function confirmed(about: number, evidence: string): Answer {
  return { state: 'confirmed', evidence, about }
}

function refuted(evidence: string): Answer {
  return { state: 'refuted', evidence, about: 0 }
}

function notExamined(evidence: string): Answer {
  return { state: 'not-examined', evidence, about: 0 }
}

/** How many files have a finding of this code. */
function paths({ drafts }: Examined, code: string): number {
  return new Set(drafts.filter(draft => draft.code === code).map(({ trace }) => trace.path)).size
}

function versions(interpreters: readonly CastInterpreter[]): string {
  return [...new Set(interpreters.map(({ version }) => version))].join(', ')
}

function files(number: number): string {
  return count(number, 'file')
}

function count(number: number, noun: string): string {
  return `${grouped(number)} ${noun}${number === 1 ? '' : 's'}`
}
