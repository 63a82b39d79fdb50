/** Bytes of which some can be passed over without being read. */
export interface PassingIterator extends AsyncIterator<Uint8Array, undefined> {
  /** Passes over what comes next; gives over how many bytes, fewer than `size` only at the end. */
  pass(size: number): Promise<number>
}

/** Bytes from which on passing over is faster than reading: a file is opened anew for it. */
const farAway = 4 * 1024 * 1024

/** The bytes of a stream, in the pieces a parser asks for. Closing it closes the stream, wherever it is. */
export class ByteReader implements AsyncDisposable {
  readonly #chunks: AsyncIterator<Uint8Array> | PassingIterator
  #chunk: Uint8Array = new Uint8Array()
  /** Of the chunk, in front of what comes next. */
  #at = 0

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]()
  }

  /** What comes next, at least one byte and at most `limit`, not copied; null at the end. */
  async some(limit: number): Promise<Uint8Array | null> {
    while (this.#at === this.#chunk.length) {
      const { done, value } = await this.#chunks.next()
      if (done === true) return null
      this.#chunk = value
      this.#at = 0
    }
    const piece = this.#chunk.subarray(this.#at, this.#at + limit)
    this.#at += piece.length
    return piece
  }

  /** The next `size` bytes, not copied, where they are at hand; else null, and they stay. */
  now(size: number): Buffer | null {
    const { buffer, byteOffset } = this.#chunk
    const start = byteOffset + this.#at
    return this.skipNow(size) ? Buffer.from(buffer, start, size) : null
  }

  /** Passes over the next `size` bytes where they are at hand; else false, and they stay. */
  skipNow(size: number): boolean {
    if (this.#chunk.length - this.#at < size) return false
    this.#at += size
    return true
  }

  /** The next `size` bytes, not copied where they are at hand; fewer only at the end. */
  async take(size: number): Promise<Buffer> {
    const atHand = this.now(size)
    if (atHand !== null) return atHand
    const pieces: Uint8Array[] = []
    for (let left = size; left > 0; ) {
      const piece = await this.some(left)
      if (piece === null) break
      pieces.push(piece)
      left -= piece.length
    }
    return Buffer.concat(pieces)
  }

  /** As `take`, and the bytes stay. */
  async peek(size: number): Promise<Buffer> {
    const start = await this.take(size)
    this.#chunk = Buffer.concat([start, this.#chunk.subarray(this.#at)])
    this.#at = 0
    return start
  }

  /** What comes before the next `byte`, which is passed over; all that is left when there is none. */
  async until(byte: number): Promise<{ readonly bytes: Buffer; readonly found: boolean }> {
    const pieces: Uint8Array[] = []
    for (;;) {
      const piece = await this.some(Number.POSITIVE_INFINITY)
      if (piece === null) return { bytes: Buffer.concat(pieces), found: false }
      const at = piece.indexOf(byte)
      if (at < 0) {
        pieces.push(piece)
        continue
      }
      this.#at -= piece.length - at - 1
      return { bytes: Buffer.concat([...pieces, piece.subarray(0, at)]), found: true }
    }
  }

  /** False when there were not so many. */
  async skip(size: number): Promise<boolean> {
    const atHand = Math.min(size, this.#chunk.length - this.#at)
    this.#at += atHand
    for (let left = size - atHand - (await this.#pass(size - atHand)); left > 0; ) {
      const piece = await this.some(left)
      if (piece === null) return false
      left -= piece.length
    }
    return true
  }

  /** Passes over what is far, where the stream can, and nothing of it is at hand; gives over how many bytes. */
  async #pass(size: number): Promise<number> {
    return size >= farAway && 'pass' in this.#chunks ? this.#chunks.pass(size) : 0
  }

  /** All that is left. */
  async *rest(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const piece = await this.some(Number.POSITIVE_INFINITY)
      if (piece === null) return
      yield piece
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#chunks.return?.()
  }
}
