import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { PassingIterator } from '../byte-reader.ts'
import { asFailure, type Fail } from '../failure.ts'

const pieceSize = 256 * 1024

/**
 * The bytes of a file, from its start each time; what is passed over is not read.
 *
 * @throws what `fail` makes, when it cannot be read.
 */
export function fileBytes(file: string, fail: Fail): AsyncIterable<Uint8Array> {
  return {
    [Symbol.asyncIterator]: () => fileIterator(file, error => asFailure(error, fail, (error as Error).message)),
  }
}

function fileIterator(file: string, failureOf: (error: unknown) => Error): PassingIterator {
  let at = 0
  let stream: AsyncIterator<Buffer> | null = null
  const stop = async () => {
    await stream?.return?.()
    stream = null
  }
  const from = (start: number) => createReadStream(file, { start, highWaterMark: pieceSize })[Symbol.asyncIterator]()
  return {
    async next() {
      try {
        stream ??= from(at)
        const result = await stream.next()
        if (result.done !== true) at += result.value.length
        return result
      } catch (error) {
        throw failureOf(error)
      }
    },
    async pass(size) {
      try {
        await stop()
        const left = (await stat(file)).size - at
        const passed = Math.max(0, Math.min(size, left))
        at += passed
        return passed
      } catch (error) {
        throw failureOf(error)
      }
    },
    async return() {
      await stop()
      return { done: true, value: undefined }
    },
  }
}
