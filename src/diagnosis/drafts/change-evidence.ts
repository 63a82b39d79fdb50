import type { Evidence } from '../../model/finding.ts'
import type { Trace } from '../../model/trace.ts'
import { holdsSame } from '../comparison/pairs.ts'
import type { Judged } from './judged.ts'
import { missingEvidence } from './missing-evidence.ts'
import { isSparse, type NamedChange } from './name-change.ts'
import type { Way } from './way.ts'

interface Changed extends NamedChange {
  readonly trace: Trace
  readonly way: Way
  readonly at: number
}

/** What proves a change: from where to where, what became of the bytes, and who or what did it. */
export function changeEvidence(changed: Changed, judged: Judged): Evidence {
  const { code, trace, before, way, at } = changed
  const { stage, file } = way[at]!
  const layer = file === null ? undefined : judged.images.get(stage.name)?.layers[file.layer]
  const sameAs = way.slice(0, at - 1).find(step => file !== null && step !== before && holdsSame(step.file, file))
  return {
    ...kindOf(changed, judged),
    before: { stage: before.stage.name, sha256: before.file?.sha256 ?? null },
    after: { stage: stage.name, sha256: file?.sha256 ?? null },
    ...(code === 'uncommitted-change' ? standing(changed, judged) : {}),
    ...(code === 'missing-from-upload' ? whyMissing(changed, judged) : {}),
    ...(code === 'missing-from-image' ? missingEvidence(before.file?.path ?? trace.path, stage.name, judged) : {}),
    ...(sameAs === undefined ? {} : { sameAs: sameAs.stage.name }),
    ...(stage.place === 'image' && file !== null ? { imagePath: `/${file.path}` } : {}),
    ...(layer === undefined ? {} : { layer: { index: file!.layer, ...layer } }),
  }
}

function kindOf({ before, way, at }: Changed, { comparison }: Judged): Pick<Evidence, 'change' | 'changeDetail'> {
  const { file } = way[at]!
  if (before.file === null) return { change: 'added' }
  if (file === null) return { change: 'removed' }
  return comparison.explained(before.file, file) ?? { change: 'rewritten' }
}

/** What git would say of an uncommitted change, and whether it goes up. */
function standing({ trace, way, at }: Changed, { comparison }: Judged): Pick<Evidence, 'state' | 'uploaded'> {
  const { file } = way[at]!
  const commit = way[0]!
  const upload = way.find(({ stage }) => stage.place === 'upload')
  const isSame = upload === undefined || holdsSame(upload.file, commit.file)
  const uploaded = !isSame && !(upload.file !== null && comparison.asCommitted.has(upload.file))
  const staged = comparison.index?.get(trace.path)
  const state =
    file === null
      ? 'deleted'
      : staged === undefined
        ? 'untracked'
        : staged.blobId === file.blobId && staged.blobId !== commit.file?.blobId
          ? 'staged'
          : 'modified'
  return { ...(comparison.index === null ? {} : { state }), ...(upload === undefined ? {} : { uploaded }) }
}

function whyMissing({ before, way, at }: Changed, judged: Judged): Pick<Evidence, 'rule' | 'sparse'> {
  if (before === way[0] && isSparse(before, way[at - 1]!, judged)) return { sparse: true }
  const path = before.file!.path
  const rule = judged.ignoreRule(path) ?? judged.comparison.exportIgnored.get(path)
  return rule === undefined ? {} : { rule }
}
