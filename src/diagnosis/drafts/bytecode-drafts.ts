import type { BytecodeAnswers } from '../../model/bytecode.ts'
import type { Draft } from './draft.ts'
import type { Judged } from './judged.ts'

/** Bytecode that Python would run instead of the source, made of another one. */
export function bytecodeDrafts({ stale }: BytecodeAnswers, { traces, images }: Judged): Draft[] {
  return stale.flatMap(({ path, stage, bytecodePath, bytecode, reason, source }) => {
    const trace = traces.find(each => each.path === path)
    if (trace === undefined) return []
    const layer = images.get(stage)?.layers[bytecode.layer]
    return {
      code: 'stale-bytecode',
      severity: 'error',
      trace,
      shipped: true,
      breaks: null,
      evidence: {
        after: { stage, sha256: source.sha256 },
        bytecode: reason,
        imagePath: `/${bytecodePath}`,
        ...(layer === undefined ? {} : { layer: { index: bytecode.layer, ...layer } }),
      },
    }
  })
}
