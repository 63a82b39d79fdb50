import type { CastInterpreter } from '../../model/interpreter.ts'
import type { Path } from '../../model/path.ts'
import type { Stage } from '../../model/stage.ts'
import type { HeldStep, NewDirectory } from '../../model/trace.ts'
import type { Draft } from './draft.ts'
import { acceptance, acceptingInterpreters, deployInterpreters, type Judged } from './judged.ts'
import { verdictsOf } from './way.ts'

/** What an image has installed, and the interpreters that may run it reject: a warning each, as much of it is never imported. */
export function installedDrafts(installed: Judged, besides: readonly NewDirectory[]): Draft[] {
  const directories = new Map(besides.flatMap(({ directory, files }) => files.map(file => [file, directory])))
  return installed.traces.flatMap(trace =>
    deployInterpreters(installed.interpreters).flatMap(interpreter => {
      const verdictAt = verdictsOf(installed, interpreter)
      const runs = ({ name }: Stage) => deployInterpreters(installed.interpreters, name).includes(interpreter)
      const step = trace.steps.find((each): each is HeldStep => runs(each.stage) && verdictAt(each)?.kind === 'breaks')
      return step === undefined
        ? []
        : [draftOf({ trace, step, interpreter, directory: directories.get(step.file) }, installed)]
    }),
  )
}

function draftOf(
  {
    trace,
    step,
    interpreter,
    directory,
  }: { trace: Draft['trace']; step: HeldStep; interpreter: CastInterpreter; directory: Path | undefined },
  installed: Judged,
): Draft {
  const acceptedBy = acceptingInterpreters(step.file, installed)
  const layer = installed.images.get(step.stage.name)?.layers[step.file.layer]
  return {
    code: acceptedBy.length > 0 ? 'version-skew' : 'broken-source',
    severity: 'warning',
    trace,
    shipped: true,
    breaks: { step, interpreter },
    evidence: {
      installed: true,
      ...(directory === undefined ? {} : { newDirectory: `/${directory}` }),
      ...acceptance(acceptedBy, interpreter, installed),
      imagePath: `/${step.file.path}`,
      ...(layer === undefined ? {} : { layer: { index: step.file.layer, ...layer } }),
    },
  }
}
