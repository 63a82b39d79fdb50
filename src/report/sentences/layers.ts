import { capitalized } from '../../model/capitalized.ts'
import type { Evidence } from '../../model/finding.ts'
import { copiesFrom } from '../../model/layer-instruction.ts'
import { layerTitle, listed, someOf } from '../words.ts'

/** ` Layer 3 (0123abcd), COPY . ., wrote it.`; nothing where no layer is known. */
export function writtenBy({ layer }: Evidence, what: 'it' | 'them' = 'it'): string {
  return layer === undefined ? '' : ` ${subject(layer)} wrote ${what}.`
}

/** ` Layer 3 (0123abcd), RUN dos2unix …, wrote them.`, and what the layers below and above it did; nothing where none is known. */
export function rewrittenBy(evidence: Evidence): string {
  const { layer, writes = [] } = evidence
  if (layer === undefined) return ''
  const before = writes.findLast(({ index, asBefore }) => asBefore && index < layer.index)
  const later = writes
    .filter(({ index, kind }) => index > layer.index && kind === 'written')
    .map(({ index }) => String(index))
  const until = before === undefined ? '' : ` Up to layer ${before.index} (${instruction(before)}) they were the same.`
  const isRemoved = writes.some(({ index, kind }) => index === layer.index && kind !== 'written')
  const again = later.length === 0 ? '' : ` Layer ${listed(later)} wrote it again.`
  if (!isRemoved && copiesFrom(layer.createdBy ?? '') !== undefined)
    return ` ${subject(layer)} ${copied(evidence)}${until}${again}`
  return ` ${subject(layer)} ${isRemoved ? 'removed it' : 'wrote them'}.${until}${again}`
}

/** Of a layer that only copies, where it has the bytes from: the end of a sentence. */
function copied({ copiedBy, fromStage }: Evidence): string {
  if (fromStage === undefined) {
    const isKnown = copiedBy !== undefined && !/\s--from=/.test(copiedBy.text)
    const given = isKnown ? 'what was sent to the build' : 'what was sent to the build, or the stage it copies from,'
    return `copied them: ${given} held these bytes already.`
  }
  const { name, runs } = fromStage
  if (runs === null) {
    return `copied them from another stage, ${name}, whose layers are not in the image: what changed them there is not known.`
  }
  const away = `copied them (${copiedBy?.from}) as the stage ${name} had left them. The layers of that stage are not in the image`
  if (runs.length === 0)
    return `${away}, and no RUN of it had the file: what was sent to the build held these bytes already.`
  const named = someOf(runs.map(({ from, text }) => `${text} (${from})`))
  return `${away}, so it is not proved what changed them there; what can have done so: ${named}.`
}

function subject(layer: NonNullable<Evidence['layer']>): string {
  return `${capitalized(layerTitle(layer))}, ${instruction(layer)},`
}

function instruction({ createdBy }: { readonly createdBy: string | null }): string {
  return createdBy ?? 'whose instruction is not recorded'
}
