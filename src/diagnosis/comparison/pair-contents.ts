import type { Sha256 } from '../../model/digest.ts'
import type { Content } from '../../model/manifest.ts'
import { largestPointer } from '../changes/lfs-pointer.ts'
import type { Pair } from './pairs.ts'

/** Yields the contents with these digests, each once. */
export type ReadContents = (wanted: ReadonlySet<Sha256>) => AsyncIterable<Content>

/** Contents over this many bytes are not held for a comparison; how many are held at once. */
const [largestContent, largestBatch] = [4 * 1024 * 1024, 32 * 1024 * 1024]

/** A pair with its contents, as far as they can be held and are of use. */
export interface HeldPair extends Pair {
  readonly was: Buffer | undefined
  readonly is: Buffer | undefined
}

/** The pairs in their order; no more of their contents is held at a time than a batch may have. */
export async function* withContents(pairs: readonly Pair[], contents: ReadContents): AsyncGenerator<HeldPair> {
  for (const batch of batches(pairs)) {
    const wanted = new Set(batch.flatMap(usefulContents))
    const read = new Map<Sha256, Buffer>()
    if (wanted.size > 0) {
      for await (const { sha256, bytes } of contents(wanted)) {
        read.set(sha256, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
      }
    }
    for (const pair of batch) yield { ...pair, was: read.get(pair.before.sha256), is: read.get(pair.after.sha256) }
  }
}

function* batches(pairs: readonly Pair[]): Generator<readonly Pair[]> {
  let batch: Pair[] = []
  let size = 0
  for (const pair of pairs) {
    batch.push(pair)
    for (const each of [pair.before, pair.after]) if (each.size <= largestContent) size += each.size
    if (size < largestBatch) continue
    yield batch
    batch = []
    size = 0
  }
  if (batch.length > 0) yield batch
}

/** Of a pair that cannot be held as a whole, only what may be a Git LFS pointer. A link's text is known already. */
function usefulContents({ before, after }: Pair): Sha256[] {
  if (before.kind !== 'file' || after.kind !== 'file') return []
  const most = Math.max(before.size, after.size) <= largestContent ? largestContent : largestPointer
  return [before, after].filter(({ size }) => size <= most).map(({ sha256 }) => sha256)
}
