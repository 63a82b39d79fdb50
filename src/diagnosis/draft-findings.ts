import type { Evidence, FindingCode, Severity } from '../model/finding.ts'
import type { CastInterpreter } from '../model/interpreter.ts'
import type { PythonFile } from '../model/manifest.ts'
import type { Path } from '../model/path.ts'
import type { ImageFacts } from '../model/source.ts'
import type { Step, Trace } from '../model/trace.ts'
import type { Verdict } from '../model/verdict.ts'

/** What the earlier rooms found. */
export interface Judged {
  readonly traces: readonly Trace[]
  readonly interpreters: readonly CastInterpreter[]
  /** Asked only for files of kind `file` in `traces`. */
  readonly verdictOf: (file: PythonFile, interpreter: CastInterpreter) => Verdict
  /** By the name of the stage. */
  readonly images: ReadonlyMap<string, ImageFacts>
  /** The rule that keeps a path of the repository out of the upload; null when none does or nobody knows. */
  readonly ignoreRule: (path: Path) => NonNullable<Evidence['rule']> | null
}

/** A finding before its sites are looked for. */
export interface Draft {
  readonly code: FindingCode
  readonly severity: Severity
  readonly trace: Trace
  readonly shipped: boolean | null
  /** Where the file first breaks, and for whom; null for findings that break nothing. */
  readonly breaks: { readonly step: HeldStep; readonly interpreter: CastInterpreter } | null
  readonly evidence: Evidence
}

type HeldStep = Step & { readonly file: PythonFile }

/** From the commit to one image, or as far as was looked. */
type Way = readonly Step[]

/** The interpreters that may run the files: those of the deploy role; where nobody knows which that is, all of them. */
export function deployInterpreters(interpreters: readonly CastInterpreter[]): readonly CastInterpreter[] {
  const deploy = interpreters.filter(({ roles }) => roles.includes('deploy'))
  return deploy.length > 0 ? deploy : interpreters
}

/** What is wrong with each file, and where it went wrong first: at most one draft for a code, a path and a stage. */
export function draftFindings(judged: Judged): Draft[] {
  const drafts = new Map<string, Draft>()
  for (const draft of allDrafts(judged)) {
    const stage = draft.breaks?.step.stage.name ?? draft.evidence.after?.stage
    const key = `${draft.code}\0${draft.trace.path}\0${stage}`
    const known = drafts.get(key)
    if (known === undefined || (known.severity !== 'error' && draft.severity === 'error')) drafts.set(key, draft)
  }
  return [...drafts.values()]
}

function* allDrafts(judged: Judged): Generator<Draft> {
  for (const trace of judged.traces) {
    yield* undecided(trace, judged)
    for (const way of waysOf(trace)) {
      for (const interpreter of deployInterpreters(judged.interpreters)) {
        const origin = originOfBreak(way, verdictsOf(judged, interpreter))
        if (origin !== null && origin === way[0]) yield brokenFromTheStart(trace, origin, interpreter, judged)
        yield* changes(trace, way, origin, interpreter, judged)
      }
    }
  }
}

/** Several images are several ends of the same way. */
function waysOf({ steps }: Trace): Way[] {
  const images = steps.filter(({ stage }) => stage.place === 'image')
  const before = steps.filter(({ stage }) => stage.place !== 'image')
  return images.length === 0 ? [before] : images.map(image => [...before, image])
}

/** Null where a step holds nothing that can be judged. */
function verdictsOf({ verdictOf }: Judged, interpreter: CastInterpreter): (step: Step) => Verdict | null {
  return ({ file }) => (file?.kind === 'file' ? verdictOf(file, interpreter) : null)
}

/**
 * Where the bytes come from that the interpreter rejects at the end of the way: the first step that holds them, or, where
 * rejected bytes were replaced by other rejected bytes, the first of that unbroken row. Null when the file is accepted in
 * the end: a file that was broken on the way and is whole at its end is a change that mends.
 */
function originOfBreak(way: Way, verdictAt: (step: Step) => Verdict | null): HeldStep | null {
  const judged = way.filter((step): step is HeldStep => verdictAt(step) !== null)
  const start = judged[judged.findLastIndex(step => verdictAt(step)?.kind !== 'breaks') + 1]
  return judged.find(step => step.file.sha256 === start?.file.sha256) ?? null
}

function brokenFromTheStart(trace: Trace, step: HeldStep, interpreter: CastInterpreter, judged: Judged): Draft {
  const shipped = isShipped(trace)
  const acceptedBy = acceptingInterpreters(step.file, judged)
  return {
    code: acceptedBy.length > 0 ? 'version-skew' : 'broken-source',
    severity: shipped === false ? 'note' : 'error',
    trace,
    shipped,
    breaks: { step, interpreter },
    evidence: acceptance(acceptedBy, interpreter, judged),
  }
}

/** Who takes what the interpreter rejects, and who of them is there to check it. */
function acceptance(
  acceptedBy: readonly string[],
  { id }: CastInterpreter,
  { interpreters }: Judged,
): Pick<Evidence, 'acceptedBy' | 'contradictedBy'> {
  const checkers = interpreters.filter(each => each.checks.includes(id)).map(each => each.id)
  const contradictedBy = acceptedBy.filter(each => checkers.includes(each))
  return { acceptedBy, ...(contradictedBy.length === 0 ? {} : { contradictedBy }) }
}

/** Every difference between a stage and the one before it. */
function* changes(
  trace: Trace,
  way: Way,
  origin: HeldStep | null,
  interpreter: CastInterpreter,
  judged: Judged,
): Generator<Draft> {
  const shipped = isShipped(trace)
  const verdictAt = verdictsOf(judged, interpreter)
  for (const [at, step] of way.entries()) {
    const before = way[at - 1]
    if (before === undefined || step.file?.sha256 === before.file?.sha256) continue
    const effect = effectOf(verdictAt(before), verdictAt(step))
    const code = codeOfChange(way, at, effect)
    if (code === null) continue
    const evidence = { ...changeEvidence(way, at, judged), effect }
    if (origin !== null && step === origin) {
      const severity = shipped === false ? 'warning' : 'error'
      const accepted = acceptance(acceptingInterpreters(origin.file, judged), interpreter, judged)
      const breaks = { step: origin, interpreter }
      yield { code, severity, trace, shipped, breaks, evidence: { ...evidence, ...accepted } }
    } else yield { code, severity: 'warning', trace, shipped, breaks: null, evidence }
  }
}

/** The first stage of a file that an interpreter could not judge. */
function* undecided(trace: Trace, judged: Judged): Generator<Draft> {
  for (const interpreter of judged.interpreters) {
    for (const { stage, file } of trace.steps) {
      const verdict = file?.kind === 'file' ? judged.verdictOf(file, interpreter) : null
      if (verdict?.kind !== 'undecided') continue
      const evidence = {
        reason: verdict.reason,
        interpreter: interpreter.id,
        after: { stage: stage.name, sha256: file!.sha256 },
      }
      yield { code: 'undecided', severity: 'error', trace, shipped: isShipped(trace), breaks: null, evidence }
      break
    }
  }
}

/** True when an image holds it, false when the last stage looked at does not; null when only the image would tell. */
function isShipped({ steps }: Trace): boolean | null {
  const images = steps.filter(({ stage }) => stage.place === 'image')
  if (images.length > 0) return images.some(({ file }) => file !== null)
  const upload = steps.find(({ stage }) => stage.place === 'upload')
  return upload?.file === null ? false : null
}

function acceptingInterpreters(file: PythonFile, { interpreters, verdictOf }: Judged): string[] {
  return interpreters.filter(each => verdictOf(file, each).kind === 'compiles').map(({ id }) => id)
}

function effectOf(before: Verdict | null, after: Verdict | null): 'breaks' | 'mends' | 'none' {
  if (after?.kind === 'breaks') return before?.kind === 'breaks' ? 'none' : 'breaks'
  return after?.kind === 'compiles' && before?.kind === 'breaks' ? 'mends' : 'none'
}

/** What a difference between a step and the one before it is called; null where it is nobody's concern. */
function codeOfChange(way: Way, at: number, effect: string): FindingCode | null {
  const { stage, file } = way[at]!
  const before = way[at - 1]!.file
  const committed = way[0]!.file
  switch (stage.place) {
    case 'commit':
      return null
    case 'worktree':
      return 'uncommitted-change'
    case 'upload':
      if (file === null) return committed === null ? null : 'missing-from-upload'
      if (file.sha256 === committed?.sha256) return null
      return before === null && committed === null ? 'uncommitted-change' : 'altered-in-upload'
    case 'image':
      if (file === null) return committed === null ? null : 'missing-from-image'
      return before !== null || effect === 'breaks' ? 'altered-in-image' : null
  }
}

function changeEvidence(way: Way, at: number, { images, ignoreRule }: Judged): Evidence {
  const before = way[at - 1]!
  const { stage, file } = way[at]!
  const rule = stage.place === 'upload' && file === null ? ignoreRule(before.file!.path) : null
  const layer = file === null ? undefined : images.get(stage.name)?.layers[file.layer]
  const sameAs = way.slice(0, at - 1).find(step => file !== null && step.file?.sha256 === file.sha256)
  return {
    change: before.file === null ? 'added' : file === null ? 'removed' : 'rewritten',
    before: { stage: before.stage.name, sha256: before.file?.sha256 ?? null },
    after: { stage: stage.name, sha256: file?.sha256 ?? null },
    ...(rule === null ? {} : { rule }),
    ...(sameAs === undefined ? {} : { sameAs: sameAs.stage.name }),
    ...(stage.place === 'image' && file !== null ? { imagePath: `/${file.path}` } : {}),
    ...(layer === undefined ? {} : { layer: { index: file!.layer, ...layer } }),
  }
}
