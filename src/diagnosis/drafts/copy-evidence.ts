import type { BuildPlan, Copying } from '../../model/build.ts'
import type { Evidence, LayerRecord } from '../../model/finding.ts'
import { copiesFrom, keywordOf } from '../../model/layer-instruction.ts'
import type { Path } from '../../model/path.ts'

type CopyEvidence = Pick<Evidence, 'copiedBy' | 'fromStage'>

/** Where a layer that only copies has the bytes from, as far as the Dockerfile or the layer's own instruction tells. */
export function copyEvidence(
  { layer, imagePath }: Evidence,
  records: readonly LayerRecord[],
  plan: BuildPlan | undefined,
): CopyEvidence {
  const from = copiesFrom(layer?.createdBy ?? '')
  if (layer === undefined || from === undefined) return {}
  const copying = copyingOf(layer.index, records, plan?.copiesTo(imagePath!.slice(1) as Path) ?? [])
  if (copying === undefined) return from === null ? {} : { fromStage: { name: from, runs: null } }
  return { copiedBy: copying.by, ...(copying.stage === null ? {} : { fromStage: copying.stage }) }
}

/**
 * The instruction of a layer. Those that write the file and the layers that did so by copying are in the same order, and those of a
 * base image come before; undefined where some may have written nothing.
 */
function copyingOf(layer: number, records: readonly LayerRecord[], copyings: readonly Copying[]): Copying | undefined {
  const copied = records.filter(({ createdBy }) => ['COPY', 'ADD'].includes(keywordOf(createdBy ?? '')))
  if (copyings.length > copied.length) return undefined
  return copyings.at(copied.findIndex(({ index }) => index === layer) - copied.length)
}
