import type { PythonFile } from '../../model/manifest.ts'
import type { Draft } from './draft.ts'
import { acceptingInterpreters, type Judged } from './judged.ts'
import { runnersOf, verdictsOf, type Way } from './way.ts'

/**
 * A file that an image holds at several places, with different bytes: Python imports the one whose directory comes first on
 * sys.path, so whichever are not those that went up are told.
 */
export function* elsewhereDrafts(trace: Draft['trace'], way: Way, judged: Judged): Generator<Draft> {
  const step = way.at(-1)!
  const before = way.at(-2)
  for (const file of step.elsewhere ?? []) {
    if (before === undefined || file.sha256 === before.file?.sha256) continue
    const at = { ...step, file }
    const rejecter = runnersOf(way, judged).find(each => verdictsOf(judged, each)(at)?.kind === 'breaks')
    const layer = judged.images.get(step.stage.name)?.layers[file.layer]
    yield {
      code: 'altered-in-image',
      severity: rejecter === undefined ? 'warning' : 'error',
      trace,
      shipped: true,
      breaks: rejecter === undefined ? null : { step: at, interpreter: rejecter },
      evidence: {
        change: 'rewritten',
        before: { stage: before.stage.name, sha256: before.file?.sha256 ?? null },
        after: { stage: step.stage.name, sha256: file.sha256 },
        effect: rejecter === undefined ? 'none' : 'breaks',
        imagePath: `/${file.path}`,
        elsewhere: placesOf([step.file, ...(step.elsewhere ?? [])], file),
        ...(layer === undefined ? {} : { layer: { index: file.layer, ...layer } }),
        ...(rejecter === undefined ? {} : { acceptedBy: acceptingInterpreters(file, judged) }),
      },
    }
  }
}

function placesOf(files: readonly (PythonFile | null)[], but: PythonFile) {
  return files.flatMap(file =>
    file === null || file === but ? [] : [{ imagePath: `/${file.path}`, sha256: file.sha256 }],
  )
}
