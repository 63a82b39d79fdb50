import { ByteReader } from './byte-reader.ts'

/** Takes a stream of chunks apart where its own words say how. One call at a time. */
export interface PartReader {
  /** What comes before the next `byte`, which is passed over. Null at the end; throws where the stream ends in between. */
  until(byte: number): Promise<Buffer | null>
  /** The next `size` bytes, for somebody else to read. End it before anything else is read. */
  section(size: number): Section
  /** Whether nothing is left. */
  atEnd(): Promise<boolean>
}

/** A run of bytes of a stream, lent out. */
export interface Section {
  /** Bytes. */
  readonly size: number
  /** The bytes, once. */
  body(): AsyncGenerator<Uint8Array>
  /** Skips what was not read of it, which cannot be read any more. */
  end(): Promise<void>
}

/** Reads `chunks`, which whoever made them closes. Where they end too early, what `cutShort` makes is thrown. */
export function partReader(chunks: AsyncIterable<Uint8Array>, cutShort: () => Error): PartReader {
  const reader = new ByteReader(chunks)

  async function until(byte: number): Promise<Buffer | null> {
    const { bytes, found } = await reader.until(byte)
    if (!found && bytes.length > 0) throw cutShort()
    return found ? bytes : null
  }

  function section(size: number): Section {
    let left = size
    let state: 'unread' | 'lent' | 'ended' = 'unread'

    async function* lend(): AsyncGenerator<Uint8Array> {
      for (;;) {
        if (state === 'ended') throw new Error('the body was skipped when the next entry was asked for')
        if (left === 0) return
        const portion = await reader.some(left)
        if (portion === null) throw cutShort()
        left -= portion.length
        yield portion
      }
    }

    return {
      size,
      body() {
        if (state !== 'unread') throw new Error('a body can be read once, and before the next entry is asked for')
        state = 'lent'
        return lend()
      },
      async end() {
        state = 'ended'
        if (!(await reader.skip(left))) throw cutShort()
        left = 0
      },
    }
  }

  return { until, section, atEnd: async () => (await reader.peek(1)).length === 0 }
}

/** The pieces of `chunks` that end in `byte`, without it. Where the last one lacks it, what `cutShort` makes is thrown. */
export async function* endingIn(
  byte: number,
  chunks: AsyncIterable<Uint8Array>,
  cutShort: () => Error,
): AsyncGenerator<Buffer> {
  const reader = partReader(chunks, cutShort)
  for (let piece = await reader.until(byte); piece !== null; piece = await reader.until(byte)) yield piece
}
