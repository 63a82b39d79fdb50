import { fileURLToPath } from 'node:url'
import { Worker as Thread } from 'node:worker_threads'
import { embeddedFolder } from './embedded.ts'
import { Exchange, WorkerFailure } from './exchange.ts'
import type { Worker } from './worker.ts'

/** Milliseconds; loading takes seconds, more on a busy machine, and is no fault of the source that waits for it. */
const loadingLimit = 120_000

/** Starts a thread that loads an embedded CPython, then compiles one source after the other. */
export function startEmbeddedWorker(version: string): Worker {
  const exchange = new Exchange()
  const thread = new Thread(new URL('./embedded-worker.js', import.meta.url), {
    workerData: { folder: embeddedFolder(version), program: fileURLToPath(new URL('./check.py', import.meta.url)) },
    env: {},
    execArgv: [],
    stdout: true,
    stderr: true,
    resourceLimits: { stackSizeMb: 64 },
  })
  const gone = new Promise<void>(resolve => {
    thread.once('exit', () => {
      exchange.fail('it ended')
      resolve()
    })
  })
  thread.once('error', error => exchange.fail(`it failed: ${error.message}`))
  thread.on('message', (line: string) => exchange.answer(line))
  thread.stdout.resume()
  thread.stderr.resume()
  const loaded = exchange.ask(() => undefined, loadingLimit)

  return {
    check: async (source, timeLimit) => {
      if ((await loaded) !== version) throw new WorkerFailure(`it is ${await loaded}`)
      // A copy of its own: what is posted of a Buffer is the whole pool it lies in.
      const copy = new Uint8Array(source)
      return exchange.ask(() => thread.postMessage(copy, [copy.buffer]), timeLimit)
    },
    isUsable: () => exchange.isOpen(),
    end: async () => {
      await thread.terminate()
      return gone
    },
  }
}
