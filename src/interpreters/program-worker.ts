import type { RunningProgram } from '../model/running-program.ts'
import { Exchange } from './exchange.ts'
import type { Question, Worker } from './worker.ts'

/** Characters; check.py writes shorter ones. */
const longestAnswer = 1 << 16

/** A worker that is a program which speaks as check.py does. */
export function programWorker({ stdin, stdout, gone, end }: RunningProgram): Worker {
  const exchange = new Exchange()
  void gone.then(reason => exchange.fail(reason))
  // A program that is gone says so itself; that nothing can be written to it any more says nothing new.
  stdin.on('error', () => undefined)
  readLines(stdout, exchange)
  return {
    ask: (question, timeLimit) => exchange.ask(() => send(stdin, question), timeLimit),
    isUsable: () => exchange.isOpen(),
    end,
  }
}

/** Set in the size of a source that another one follows. */
const more = 1n << 63n

function send(stream: NodeJS.WritableStream, question: Question): void {
  const parts = question.flatMap((source, index) => {
    const size = Buffer.alloc(8)
    size.writeBigUInt64BE(BigInt(source.length) | (index < question.length - 1 ? more : 0n))
    return [size, source]
  })
  stream.write(Buffer.concat(parts)) // each writing is a system call, here and in the program
}

function readLines(stream: NodeJS.ReadableStream, exchange: Exchange): void {
  let text = ''
  stream.setEncoding('latin1')
  stream.on('data', (chunk: string) => {
    const lines = (text + chunk).split('\n')
    text = lines.pop()!
    for (const line of lines) exchange.answer(line)
    if (text.length <= longestAnswer) return
    exchange.fail('it writes what is no answer')
    stream.pause()
  })
}
