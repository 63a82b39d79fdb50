import { capitalized } from '../../model/capitalized.ts'
import type { Evidence } from '../../model/finding.ts'
import { layerTitle, listed } from '../words.ts'

/** ` Layer 3 (0123abcd), COPY . ., wrote it.`; nothing where no layer is known. */
export function writtenBy({ layer }: Evidence, what: 'it' | 'them' = 'it'): string {
  return layer === undefined ? '' : ` ${subject(layer)} wrote ${what}.`
}

/** ` Layer 3 (0123abcd), RUN dos2unix …, wrote them.`, and what the layers below and above it did; nothing where none is known. */
export function rewrittenBy({ layer, writes = [] }: Evidence): string {
  if (layer === undefined) return ''
  const before = writes.findLast(({ index, asBefore }) => asBefore && index < layer.index)
  const later = writes
    .filter(({ index, kind }) => index > layer.index && kind === 'written')
    .map(({ index }) => String(index))
  const until = before === undefined ? '' : ` Up to layer ${before.index} (${instruction(before)}) they were the same.`
  const isRemoved = writes.some(({ index, kind }) => index === layer.index && kind !== 'written')
  const again = later.length === 0 ? '' : ` Layer ${listed(later)} wrote it again.`
  return ` ${subject(layer)} ${isRemoved ? 'removed it' : 'wrote them'}.${until}${again}`
}

function subject(layer: NonNullable<Evidence['layer']>): string {
  return `${capitalized(layerTitle(layer))}, ${instruction(layer)},`
}

function instruction({ createdBy }: { readonly createdBy: string | null }): string {
  return createdBy ?? 'whose instruction is not recorded'
}
