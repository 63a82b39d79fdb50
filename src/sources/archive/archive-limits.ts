import type { Fail } from '../failure.ts'

/** How much an archive may unpack to; beyond it, it is taken for one made to exhaust whoever reads it. */
export interface ArchiveLimits {
  readonly entries: number
  /** Bytes. */
  readonly unpackedSize: number
  /** Unpacked bytes for each packed one, once `ratioFrom` bytes are unpacked. Deflate reaches 1032 at most. */
  readonly ratio: number
  readonly ratioFrom: number
}

export const defaultLimits: ArchiveLimits = {
  entries: 1_000_000,
  unpackedSize: 8 * 1024 ** 3,
  ratio: 1000,
  ratioFrom: 100 * 1024 ** 2,
}

/** Counts what is unpacked. Both throw what `fail` makes when a limit is passed. */
export interface Meter {
  countEntry(): void
  countBytes(count: number): void
}

/** Holds one reading of an archive to its limits; `packedSize` tells its bytes, or of a stream those so far. */
export function startMeter(packedSize: () => number, limits: ArchiveLimits, fail: Fail): Meter {
  let entries = 0
  let unpacked = 0
  return {
    countEntry() {
      entries += 1
      if (entries > limits.entries) {
        throw fail(`it holds more than ${limits.entries} entries, and is not read further; ${raise('--max-entries')}`)
      }
    },
    countBytes(count) {
      unpacked += count
      if (unpacked > limits.unpackedSize) {
        throw fail(
          `it unpacks to more than ${limits.unpackedSize} bytes, and is not read further; ${raise('--max-unpacked')}`,
        )
      }
      if (unpacked > limits.ratioFrom && unpacked > limits.ratio * packedSize()) {
        throw fail(
          `it unpacks to more than ${limits.ratio} times its size, and is not read further; ${raise('--max-ratio')}`,
        )
      }
    },
  }
}

function raise(option: string): string {
  return `look at what made it, and pass a higher ${option} if it is meant to`
}

/** The chunks as they are, counted. */
export async function* metered(chunks: AsyncIterable<Uint8Array>, meter: Meter): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    meter.countBytes(chunk.length)
    yield chunk
  }
}
