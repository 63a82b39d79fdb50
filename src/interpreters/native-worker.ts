import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { Exchange } from './exchange.ts'
import { isolation, surroundings } from './isolation.ts'
import type { Question, Worker } from './worker.ts'

const checkProgram = fileURLToPath(new URL('./check.py', import.meta.url))

/** Characters; check.py writes shorter ones. */
const longestAnswer = 1 << 16

/** Starts a process that compiles one source after the other. Should it not start, the first question says so. */
export function startNativeWorker(executable: string, version: string, program = checkProgram): Worker {
  const exchange = new Exchange()
  const child = spawn(executable, [...isolation(version), program], {
    ...surroundings(executable),
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const gone = new Promise<void>(resolve => {
    child.once('error', error => {
      exchange.fail(`it could not be started: ${error.message}`)
      resolve()
    })
    child.once('close', (code, signal) => {
      exchange.fail(signal === null ? `it ended with exit code ${code}` : `it was ended by ${signal}`)
      resolve()
    })
  })
  // A process that is gone says so itself; that nothing can be written to it any more says nothing new.
  child.stdin.on('error', () => undefined)
  readLines(child.stdout, exchange)

  return {
    ask: (question, timeLimit) => exchange.ask(() => send(child.stdin, question), timeLimit),
    isUsable: () => exchange.isOpen(),
    end: () => {
      child.kill('SIGKILL')
      child.stdout.destroy() // it may be full of what nobody reads
      return gone
    },
  }
}

/** Set in the size of a source that another one follows. */
const more = 1n << 63n

function send(stream: NodeJS.WritableStream, question: Question): void {
  for (const [index, source] of question.entries()) {
    const size = Buffer.alloc(8)
    size.writeBigUInt64BE(BigInt(source.length) | (index < question.length - 1 ? more : 0n))
    stream.write(size)
    stream.write(source)
  }
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
