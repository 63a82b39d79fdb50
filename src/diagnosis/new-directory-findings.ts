import type { Evidence, Finding } from '../model/finding.ts'
import type { NewDirectory } from '../model/trace.ts'
import { bareFinding } from './bare-finding.ts'

/** A layer of an image, by the name of its stage; undefined where nobody knows which layer wrote what. */
export type LayerOf = (stage: string, layer: number) => Evidence['layer']

/** A warning for each directory that an image has besides the source, and for each layer that wrote there. A single file is named itself. */
export function newDirectoryFindings(found: readonly NewDirectory[], layerOf: LayerOf): readonly Finding[] {
  return found.map(({ stage, before, directory, layer, files }) => {
    const [first, ...others] = files
    const isOne = others.length === 0
    const record = layerOf(stage.name, layer)
    const evidence: Evidence = {
      change: 'added',
      before: { stage: before.name, sha256: null },
      after: { stage: stage.name, sha256: isOne ? first!.sha256 : null },
      imagePath: `/${isOne ? first!.path : directory}`,
      ...(record === undefined ? {} : { layer: record }),
      ...(isOne ? {} : { paths: files.map(({ path }) => path) }),
    }
    const path = isOne ? first!.path : null
    return { ...bareFinding({ code: 'unexpected-in-image', severity: 'warning', path, evidence }), shipped: true }
  })
}
