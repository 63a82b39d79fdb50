import type { WriteStream } from 'node:tty'
import type { Sink } from './io.ts'

/** Columns of a terminal that does not know its size. */
const usualColumns = 80

/** A stream of this process; its terminal may be made wider or narrower while it runs. */
export function streamSink(stream: WriteStream): Sink {
  return {
    write: text => void stream.write(text),
    get columns() {
      return stream.isTTY ? stream.columns || usualColumns : null
    },
  }
}
