import { versions } from 'node:process'
import { Worker as Thread } from 'node:worker_threads'
import { checkProgram, programDigest } from './check-program.ts'
import { embeddedBuild } from './embedded.ts'
import { Exchange, WorkerFailure } from './exchange.ts'
import type { SnapshotStore } from './snapshot-store.ts'
import type { Worker } from './worker.ts'

/** Milliseconds; loading takes seconds, more on a busy machine, and is no fault of the source that waits for it. */
const loadingLimit = 120_000

/** Changes with what embedded-worker.js puts into a snapshot. */
const snapshotFormat = 2

/** What the thread says once, when it is loaded; then, an answer to each source. */
type Message =
  | { readonly version: string; readonly snapshot: Uint8Array<ArrayBuffer> | null }
  | { readonly line: string; readonly isLast: boolean }

export interface EmbeddedOptions {
  readonly snapshots: SnapshotStore | null
  /** Bytes that the interpreter may take. */
  readonly memoryLimit: number
  /** A Python file with a function `check`; check.py unless told. */
  readonly program?: string
}

/**
 * Starts a thread that loads an embedded CPython, then compiles one source after the other. Where there is a store, it
 * starts from the snapshot that is kept there, or makes one. Resolves before it is loaded.
 */
export async function startEmbeddedWorker(
  version: string,
  { snapshots, memoryLimit, program = checkProgram }: EmbeddedOptions,
): Promise<Worker> {
  const { folder, release, hasSnapshots } = embeddedBuild(version)
  const store = hasSnapshots ? snapshots : null
  const name = store === null ? '' : snapshotName(release, program)
  const snapshot = (await store?.read(name)) ?? null
  const makesSnapshot = store !== null && snapshot === null

  const exchange = new Exchange()
  const thread = new Thread(new URL('./embedded-worker.js', import.meta.url), {
    workerData: { folder, program, snapshot, makesSnapshot, memoryLimit },
    transferList: snapshot === null ? [] : [snapshot.buffer],
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
  let isEnding = false
  let saved: Promise<void> | undefined
  thread.once('error', error => exchange.fail(`it failed: ${error.message}`))
  thread.on('message', (message: Message) => {
    if ('version' in message) {
      if (message.snapshot !== null) saved = store?.write(name, message.snapshot)
      exchange.answer(message.version)
    } else {
      exchange.answer(message.line)
      if (message.isLast) exchange.fail('it holds too much memory')
    }
  })
  thread.stdout.resume()
  thread.stderr.resume()
  const loaded = exchange.ask(() => undefined, loadingLimit)
  loaded.catch(() => {
    // What cannot be loaded is not kept, whatever its digest says; the failure itself is told by the first question.
    if (snapshot !== null && !isEnding) saved = store?.discard(name)
  })

  return {
    ask: async (question, timeLimit) => {
      if ((await loaded) !== version) throw new WorkerFailure(`it is ${await loaded}`)
      // Copies of their own: what is posted of a Buffer is the whole pool it lies in.
      const copies = question.map(source => new Uint8Array(source))
      return exchange.ask(
        () =>
          thread.postMessage(
            copies,
            copies.map(({ buffer }) => buffer),
          ),
        timeLimit,
      )
    },
    isUsable: () => exchange.isOpen(),
    end: async () => {
      isEnding = true
      await thread.terminate()
      await gone
      await saved
    },
  }
}

/** A snapshot fits the very package, the program that is loaded into it, and the engine whose features the package uses. */
function snapshotName(release: string, program: string): string {
  const digest = programDigest(program).slice(0, 16)
  return `pyodide-${release}-v8-${versions.v8.split('.', 2).join('.')}-${digest}-${snapshotFormat}`
}
