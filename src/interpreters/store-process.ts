import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { Exchange, type WorkerFailure } from './exchange.ts'

/** What can be asked of the store. Scopes, digests and keys, which are a scope and a digest, are in hex. */
export type StoreRequest =
  | { readonly kind: 'read'; readonly scopes: readonly string[]; readonly digests: readonly string[] }
  | { readonly kind: 'write'; readonly entries: readonly (readonly [key: string, value: string])[] }
  | { readonly kind: 'count' }

export type StoreReply =
  /** Of a `read`: for each digest in turn one of each scope, null where nothing is held. */
  | { readonly values: readonly (string | null)[] }
  /** How many values are held. */
  | { readonly count: number }
  | { readonly failure: string; readonly damaged: boolean }

/** A store in a process of its own. */
export interface Store {
  /**
   * One request at a time.
   *
   * @throws StoreFailure when the store cannot do it; it is of no more use then.
   */
  ask(request: StoreRequest): Promise<StoreReply>
  /** Lets it finish what it is doing, within bounds, and resolves when it is gone. */
  end(): Promise<void>
  /** Ends it, whatever it is doing, and resolves when it is gone. */
  kill(): Promise<void>
}

/** Why the store cannot be used, in words that end no sentence; `damaged` when starting it over will help. */
export class StoreFailure extends Error {
  override readonly name = 'StoreFailure'
  readonly damaged: boolean

  constructor(message: string, damaged: boolean) {
    super(message)
    this.damaged = damaged
  }
}

const program = fileURLToPath(new URL('./verdict-store.js', import.meta.url))

/** Bytes of a generation, unless told. A verdict takes about 150. */
export const generationBound = 32 * 1024 * 1024

/** Milliseconds. Enough for two hundred processes that write at once on a busy machine. */
const timeLimit = 30_000

/** How a process ends that somebody ended; every other end is the file's doing. */
const endedByOthers: readonly (NodeJS.Signals | null)[] = ['SIGKILL', 'SIGTERM', 'SIGHUP', 'SIGINT']

/** Starts the store in `folder`, which is made when it is not there; each of its two generations has about `bound` bytes. */
export function startStore(folder: string, bound: number): Store {
  const exchange = new Exchange<StoreReply>()
  let isDamaged = true
  const child = fork(program, [folder, String(bound)], {
    execArgv: [],
    env: {},
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  const gone = new Promise<void>(resolve => {
    child.once('error', error => {
      isDamaged = false
      exchange.fail(`its process cannot be started: ${error.message}`)
      resolve()
    })
    child.once('exit', (code, signal) => {
      isDamaged &&= !endedByOthers.includes(signal)
      exchange.fail(`its process ended with ${signal ?? code}`)
      resolve()
    })
  })
  child.on('message', reply => exchange.answer(reply as StoreReply))

  return {
    ask: async request => {
      const reply = await exchange
        // A process that is gone says so itself; that nothing can be sent to it any more says nothing new.
        .ask(() => child.send(request, () => undefined), timeLimit)
        .catch((error: WorkerFailure) => {
          throw new StoreFailure(error.message, isDamaged)
        })
      if ('failure' in reply) throw new StoreFailure(reply.failure, reply.damaged)
      return reply
    },
    end: async () => {
      if (child.connected) child.disconnect()
      const timer = setTimeout(() => child.kill('SIGKILL'), timeLimit)
      await gone
      clearTimeout(timer)
    },
    kill: async () => {
      child.kill('SIGKILL')
      await gone
    },
  }
}
