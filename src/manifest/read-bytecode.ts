import { buffer } from 'node:stream/consumers'
import type { BytecodePair } from '../model/bytecode.ts'
import type { Source } from '../model/source.ts'

/** Bytes held at once. */
const batchBytes = 64 * 1024 * 1024

export interface ReadPair {
  readonly pair: BytecodePair
  /** Null where the image holds it in a way that is not followed, as a hard link. */
  readonly pyc: Uint8Array | null
}

/** The bytes of the `.pyc` files of an image, some at a time. */
export async function* readBytecode(
  pairs: readonly BytecodePair[],
  source: Source,
): AsyncGenerator<readonly ReadPair[]> {
  for (const batch of batchesOf(pairs)) {
    const found = new Map<string, Uint8Array>()
    for await (const entry of source.entries(new Set(batch.map(({ bytecodePath }) => bytecodePath)))) {
      if (entry.kind === 'file') found.set(`${entry.layer} ${entry.path}`, await buffer(entry.body()))
    }
    yield batch.map(pair => ({ pair, pyc: found.get(`${pair.bytecode.layer} ${pair.bytecodePath}`) ?? null }))
  }
}

function batchesOf(pairs: readonly BytecodePair[]): BytecodePair[][] {
  const batches: BytecodePair[][] = []
  let size = Number.POSITIVE_INFINITY
  for (const pair of pairs) {
    if (size + pair.bytecode.size > batchBytes) {
      batches.push([])
      size = 0
    }
    batches.at(-1)!.push(pair)
    size += pair.bytecode.size
  }
  return batches
}
