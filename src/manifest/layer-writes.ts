import { buffer } from 'node:stream/consumers'
import type { Content, LayerWrite } from '../model/manifest.ts'
import type { Path } from '../model/path.ts'
import type { Source } from '../model/source.ts'
import { sha256Of } from './hash-file.ts'

/**
 * What each layer of an image did to these paths of it, lowest layer first; of two records of one layer the last counts.
 * `seen` is told every content once, one at a time.
 */
export async function layerWrites(
  image: Source,
  paths: ReadonlySet<Path>,
  seen: (content: Content) => Promise<void>,
): Promise<ReadonlyMap<Path, readonly LayerWrite[]>> {
  const writes = new Map<Path, Map<number, LayerWrite>>()
  const told = new Set<string>()
  const record = (path: Path, write: LayerWrite) => {
    const known = writes.get(path) ?? new Map<number, LayerWrite>()
    writes.set(path, known.set(write.layer, write))
  }
  for await (const entry of image.entries(paths)) {
    const { path, layer } = entry
    if (entry.kind === 'file') {
      const bytes = await buffer(entry.body())
      const sha256 = sha256Of(bytes)
      record(path, { layer, kind: 'written', sha256 })
      if (told.has(sha256)) continue
      told.add(sha256)
      await seen({ sha256, bytes })
    } else if (entry.kind === 'whiteout') {
      // A layer that removes a file and writes it again has written it.
      if (writes.get(path)?.has(layer) !== true) record(path, { layer, kind: 'removed', sha256: null })
    } else record(path, { layer, kind: 'replaced', sha256: entry.kind === 'symlink' ? sha256Of(entry.target) : null })
  }
  return new Map([...writes].map(([path, each]) => [path, [...each.values()].sort((a, b) => a.layer - b.layer)]))
}
