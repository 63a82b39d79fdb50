import type { BuildPlan } from '../../model/build.ts'
import type { Evidence } from '../../model/finding.ts'
import type { CastInterpreter } from '../../model/interpreter.ts'
import type { PythonFile } from '../../model/manifest.ts'
import type { Path } from '../../model/path.ts'
import type { ImageFacts } from '../../model/source.ts'
import type { Step, Trace } from '../../model/trace.ts'
import type { Verdict } from '../../model/verdict.ts'
import type { Comparison } from '../comparison/compare-steps.ts'

/** What the earlier rooms found. */
export interface Judged {
  readonly traces: readonly Trace[]
  readonly interpreters: readonly CastInterpreter[]
  /** Asked only for files of kind `file` in `traces`. */
  readonly verdictOf: (file: PythonFile, interpreter: CastInterpreter) => Verdict
  /** By the name of the stage. */
  readonly images: ReadonlyMap<string, ImageFacts>
  /** What the Dockerfile says of where each image keeps the source, by the name of the stage, where it speaks for the image. */
  readonly builds: ReadonlyMap<string, BuildPlan>
  /** The layer of an image that deleted a Python file; null where none did. */
  readonly deletedFrom: (stage: string, path: Path) => number | null
  readonly comparison: Comparison
  /** The rule that keeps a path of the repository out of the upload; null when none does or nobody knows. */
  readonly ignoreRule: (path: Path) => NonNullable<Evidence['rule']> | null
}

/**
 * The interpreters that may run the files: those of the deploy role; where nobody knows which that is, all of them. Of a stage,
 * by its name, that is an image: its own, where they are known.
 */
export function deployInterpreters(
  interpreters: readonly CastInterpreter[],
  stage?: string,
): readonly CastInterpreter[] {
  const deploy = interpreters.filter(({ roles }) => roles.includes('deploy'))
  if (deploy.length === 0) return interpreters
  const own = deploy.filter(({ images }) => images === undefined || stage === undefined || images.includes(stage))
  return own.length > 0 ? own : deploy
}

/** Who takes the very bytes, by id. */
export function acceptingInterpreters(file: PythonFile, { interpreters, verdictOf }: Judged): string[] {
  return interpreters.filter(each => verdictOf(file, each).kind === 'compiles').map(({ id }) => id)
}

/** Who takes what the interpreter rejects, and who of them is there to check it. */
export function acceptance(
  acceptedBy: readonly string[],
  { id }: CastInterpreter,
  { interpreters }: Judged,
): Pick<Evidence, 'acceptedBy' | 'contradictedBy'> {
  const checkers = interpreters.filter(each => each.checks.includes(id)).map(each => each.id)
  const contradictedBy = acceptedBy.filter(each => checkers.includes(each))
  return { acceptedBy, ...(contradictedBy.length === 0 ? {} : { contradictedBy }) }
}

/** Whether a step holds what is committed in another form, and that form breaks nothing which the committed one does not. */
export function isAsCommitted(
  step: Step,
  commit: Step,
  verdictAt: (step: Step) => Verdict | null,
  { comparison }: Judged,
): boolean {
  if (step.file === null || !comparison.asCommitted.has(step.file)) return false
  return !(verdictAt(step)?.kind === 'breaks' && verdictAt(commit)?.kind === 'compiles')
}
