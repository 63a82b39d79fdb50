import { type Interpreter, isOfImage } from '../model/interpreter.ts'
import type { Judge, SameTree } from '../model/verdict.ts'
import { parseAnswerTo, parseComparison } from './answer.ts'
import { startEmbeddedWorker } from './embedded-thread.ts'
import { startImageWorker } from './image-worker.ts'
import { startNativeWorker } from './native-worker.ts'
import { Slots } from './slots.ts'
import { snapshotStore } from './snapshot-store.ts'
import { WorkerPool } from './worker-pool.ts'

export interface JudgeOptions {
  /** How many workers may be busy at once. */
  readonly jobs: number
  /** Milliseconds that one file may take in one interpreter; a minute unless told. */
  readonly timeLimit?: number
  /** Bytes that an embedded interpreter may take; unless told 2 GiB, all that 3.10 and 3.11 can. A native one has 4 GiB. */
  readonly memoryLimit?: number
  /** Gives up: what is not answered by then is rejected with its reason. */
  readonly signal?: AbortSignal
  /** Where embedded interpreters keep what makes them start fast; null, as unless told, to keep nothing. */
  readonly cacheDirectory?: string | null
  /** Is told once what keeps embedded interpreters from starting fast. */
  readonly log?: (line: string) => void
}

/** Of one image at once: each may take as much memory as its limit. */
const mostContainers = 4

/**
 * A judge with long-lived workers for each interpreter, started when they are needed: one for an embedded interpreter, up to
 * `jobs` for a native one, a few containers for an image's own. A source that takes its worker down with it, or too long, is tried once more in a new worker, then
 * `undecided`, and that source alone: no other is in the same worker at that time. When it is disposed of, every process and
 * thread has ended, and what was not answered is rejected.
 */
export function openJudge({
  jobs,
  timeLimit = 60_000,
  memoryLimit = 2 ** 31,
  signal,
  cacheDirectory = null,
  log = () => {},
}: JudgeOptions): { readonly judge: Judge; readonly sameTree: SameTree } & AsyncDisposable {
  const slots = new Slots(jobs)
  const closing = new AbortController()
  const stop = signal === undefined ? closing.signal : AbortSignal.any([signal, closing.signal])
  const snapshots = cacheDirectory === null ? null : snapshotStore(cacheDirectory, log)
  const pools = new Map<string, WorkerPool>()
  const endAll = () => Promise.all([...pools.values()].map(pool => pool[Symbol.asyncDispose]()))
  stop.addEventListener('abort', () => void endAll())

  const openPool = (interpreter: Interpreter): WorkerPool => {
    const { id, version, provider, executable } = interpreter
    const common = { id, slots, timeLimit, stop }
    if (isOfImage(interpreter)) {
      const start = () => startImageWorker(interpreter.start, version)
      return new WorkerPool({ ...common, most: Math.min(jobs, mostContainers), start })
    }
    return provider === 'embedded'
      ? new WorkerPool({ ...common, most: 1, start: () => startEmbeddedWorker(version, { snapshots, memoryLimit }) })
      : new WorkerPool({ ...common, most: jobs, start: async () => startNativeWorker(executable!, version) })
  }
  const poolOf = (interpreter: Interpreter): WorkerPool => {
    const pool = pools.get(interpreter.id) ?? openPool(interpreter)
    pools.set(interpreter.id, pool)
    return pool
  }
  return {
    judge: (source, interpreter) => poolOf(interpreter).ask([source], line => parseAnswerTo(source, line)),
    sameTree: async (sources, interpreter) => {
      const answer = await poolOf(interpreter).ask(sources, parseComparison)
      return answer === 'same' ? true : answer === 'different' ? false : null
    },
    [Symbol.asyncDispose]: async () => {
      closing.abort(new Error('the judge is closed'))
      await endAll()
    },
  }
}
