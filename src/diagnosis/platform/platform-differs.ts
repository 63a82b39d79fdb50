import type { Hypothesis } from '../../model/hypothesis.ts'
import { type ImageDescription, type PathShadow, platformTitle } from '../../model/image-description.ts'
import { type Agreement, type CastInterpreter, isOfImage, minorVersion } from '../../model/interpreter.ts'
import { deployInterpreters, type Judged } from '../drafts/judged.ts'
import { effectsOf } from './effects.ts'

type Answer = Pick<Hypothesis, 'state' | 'evidence'>

/** What is known of the images' platforms, and what of them was tried. */
export interface Platforms {
  /** By the name of the stage. */
  readonly described: ReadonlyMap<string, ImageDescription>
  readonly agreements: readonly Agreement[]
  /** By the name of the stage; nothing for an image without any. */
  readonly shadows: ReadonlyMap<string, readonly PathShadow[]>
}

type Known = Pick<Judged, 'traces' | 'interpreters' | 'verdictOf'> & Platforms

/** Whether a platform makes files break: of several images the worst answer counts, and refutes only where all do. */
export function platformDiffers(known: Known): Answer {
  if (known.described.size === 0)
    return { state: 'not-examined', evidence: 'no image was looked at; pass --image IMAGE' }
  const answers = [...known.described].map(([stage, description]) => {
    const { state, evidence } = answerOf(stage, description, known)
    const platform = platformTitle(description.platform) || 'its platform is not known'
    const name = known.described.size > 1 ? `${stage}: ` : ''
    return { state, evidence: `${name}${platform}; ${evidence}` }
  })
  const state = (['confirmed', 'not-examined', 'refuted'] as const).find(each =>
    answers.some(answer => answer.state === each),
  )!
  const evidence = answers.filter(answer => answer.state === state).map(answer => answer.evidence)
  return { state, evidence: evidence.join('. ') }
}

function answerOf(stage: string, description: ImageDescription, known: Known): Answer {
  const { certain, possible } = effectsOf(description, known.shadows.get(stage) ?? [])
  const own = known.interpreters.find(each => isOfImage(each) && each.stage === stage) ?? null
  const agreements = known.agreements.filter(each => each.own === own?.id)
  const { proofs, doubts } = disagreements(agreements, known.interpreters)
  const effects = [...certain, ...proofs]
  if (effects.length > 0) return { state: 'confirmed', evidence: effects.join('; ') }
  const open = [...possible, ...doubts]
  if (open.length > 0) return { state: 'not-examined', evidence: open.join('; ') }
  const [agreement] = agreements.filter(({ equal }) => equal > 0)
  if (agreement !== undefined) return { state: 'refuted', evidence: agreed(agreement, known.interpreters) }
  return own === null ? withoutItsPython(stage, description, known) : notChecked(own)
}

/** Of two builds of one release the platform is what differs; two releases may truly differ. */
function disagreements(agreements: readonly Agreement[], interpreters: readonly CastInterpreter[]) {
  const [proofs, doubts]: [string[], string[]] = [[], []]
  for (const { own, other, differing, equal } of agreements) {
    if (differing === 0) continue
    const [its, another] = [own, other].map(id => interpreters.find(each => each.id === id)!)
    const clause = `${named(its!)} and ${named(another!)} gave different verdicts on ${differing} of ${contents(differing + equal)}`
    if (its!.version === another!.version) proofs.push(clause)
    else doubts.push(`${clause}, as two releases may: ask the same one, with --python ${its!.version}`)
  }
  return { proofs, doubts }
}

function agreed({ own, other, equal }: Agreement, interpreters: readonly CastInterpreter[]): string {
  const [its, another] = [own, other].map(id => interpreters.find(each => each.id === id)!)
  return `${named(its!)} and ${named(another!)} gave equal verdicts on ${contents(equal)}`
}

/** What breaks on this machine needs no other platform to break; that nothing does says nothing of the image. */
function withoutItsPython(stage: string, { pythons: [python] }: ImageDescription, known: Known): Answer {
  const { interpreters, traces, verdictOf } = known
  const run = 'its own Python was not run: pass --image with what a container engine holds, without --run-image never'
  const runsIt = ({ version }: CastInterpreter) =>
    python === undefined || minorVersion(version) === minorVersion(python.version)
  const judge = deployInterpreters(interpreters, stage).find(
    each => each.roles.includes('deploy') && !isOfImage(each) && runsIt(each),
  )
  if (judge === undefined) {
    const evidence = python === undefined ? 'it shows no Python; pass --deploy-python' : run
    return { state: 'not-examined', evidence }
  }
  const broken = traces.filter(({ steps }) =>
    steps.some(
      ({ stage: { name }, file }) =>
        name === stage && file?.kind === 'file' && verdictOf(file, judge).kind === 'breaks',
    ),
  ).length
  if (broken === 0) return { state: 'not-examined', evidence: `nothing in it breaks on ${named(judge)}, and ${run}` }
  const files = broken === 1 ? 'the 1 file that breaks does' : `all ${broken} files that break do`
  return {
    state: 'refuted',
    evidence: `${files} so on ${named(judge)} of this machine as well, and none of its settings changes how it compiles`,
  }
}

function notChecked({ version }: CastInterpreter): Answer {
  const evidence = `no other build of CPython ${minorVersion(version)} answered for the same contents; pass --interpreters auto`
  return { state: 'not-examined', evidence }
}

function named(interpreter: CastInterpreter): string {
  const { version, provider } = interpreter
  return `CPython ${version} ${isOfImage(interpreter) ? `of ${interpreter.stage}` : `(${provider})`}`
}

function contents(count: number): string {
  return count === 1 ? '1 content' : `${count} contents`
}
