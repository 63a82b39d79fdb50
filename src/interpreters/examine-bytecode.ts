import { fileURLToPath } from 'node:url'
import type { BytecodeOrigin } from '../model/bytecode.ts'
import type { Interpreter } from '../model/interpreter.ts'
import { startEmbeddedWorker } from './embedded-thread.ts'
import { WorkerFailure } from './exchange.ts'
import { startNativeWorker } from './native-worker.ts'
import type { Worker } from './worker.ts'

const program = fileURLToPath(new URL('./bytecode.py', import.meta.url))

/** Milliseconds for one question, and bytes for an embedded interpreter. */
const timeLimit = 60_000
const memoryLimit = 2 ** 31

const origins: ReadonlySet<string> = new Set(['same', 'different', 'rejected', 'foreign', 'unreadable'])

interface BytecodeQuestion {
  readonly pyc: Uint8Array
  readonly source: Uint8Array
  /** As `compile` counts it: 0, 1 or 2. */
  readonly optimize: number
}

export interface BytecodeExaminer extends AsyncDisposable {
  /** One at a time. A question that takes the interpreter down is `unreadable`. */
  readonly ask: (question: BytecodeQuestion) => Promise<BytecodeOrigin>
}

/** Asks a CPython, from 3.7 on, whether it would make such a `.pyc` of such a source. Nothing of either is run. */
export function bytecodeExaminer({ version, executable, provider }: Interpreter): BytecodeExaminer {
  let worker: Worker | null = null
  const start = () =>
    provider === 'embedded'
      ? startEmbeddedWorker(version, { snapshots: null, memoryLimit, program })
      : startNativeWorker(executable!, version, program)
  return {
    ask: async question => {
      worker = worker?.isUsable() ? worker : await start()
      try {
        return originIn(await worker.ask([bytesOf(question)], timeLimit))
      } catch (failure) {
        if (!(failure instanceof WorkerFailure)) throw failure
        await worker.end()
        worker = null
        return 'unreadable'
      }
    },
    [Symbol.asyncDispose]: async () => await worker?.end(),
  }
}

function bytesOf({ pyc, source, optimize }: BytecodeQuestion): Buffer {
  const head = Buffer.alloc(9)
  head.writeBigUInt64BE(BigInt(pyc.length))
  head[8] = optimize
  return Buffer.concat([head, pyc, source])
}

function originIn(line: string): BytecodeOrigin {
  const match = /^\{"made": "(\w+)"\}$/.exec(line)
  return match !== null && origins.has(match[1]!) ? (match[1] as BytecodeOrigin) : 'unreadable'
}
