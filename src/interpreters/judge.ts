import type { Interpreter } from '../model/interpreter.ts'
import type { Judge, Verdict } from '../model/verdict.ts'
import { parseAnswer, undecided } from './answer.ts'
import { startEmbeddedWorker } from './embedded-thread.ts'
import { WorkerFailure } from './exchange.ts'
import { startNativeWorker } from './native-worker.ts'
import { Slots } from './slots.ts'
import type { Worker } from './worker.ts'

export interface JudgeOptions {
  /** How many interpreters may be busy at once. */
  readonly jobs: number
  /** Milliseconds that one file may take in one interpreter; a minute unless told. */
  readonly timeLimit?: number
  /** Gives up: what is not answered by then is rejected with its reason. */
  readonly signal?: AbortSignal
}

/**
 * A judge with one long-lived worker per interpreter, started when it is first asked. A source that takes its worker down
 * with it, or too long, is `undecided`, and that source alone: no other is in the same worker at that time, and the next one
 * gets a new worker. When it is disposed of, every process and thread has ended, and what was not answered is rejected.
 */
export function openJudge({
  jobs,
  timeLimit = 60_000,
  signal,
}: JudgeOptions): { readonly judge: Judge } & AsyncDisposable {
  const slots = new Slots(jobs)
  const closing = new AbortController()
  const stop = signal === undefined ? closing.signal : AbortSignal.any([signal, closing.signal])
  const benches = new Map<string, Bench>()
  const endAll = () => Promise.all([...benches.values()].map(bench => bench[Symbol.asyncDispose]()))
  stop.addEventListener('abort', () => void endAll())

  const benchOf = (interpreter: Interpreter): Bench => {
    const bench = benches.get(interpreter.id) ?? new Bench(interpreter, timeLimit, stop)
    benches.set(interpreter.id, bench)
    return bench
  }
  return {
    judge: (source, interpreter) => benchOf(interpreter).judge(source, slots),
    [Symbol.asyncDispose]: async () => {
      closing.abort(new Error('the judge is closed'))
      await endAll()
    },
  }
}

/** One interpreter, its worker, and the queue in front of it. */
class Bench implements AsyncDisposable {
  readonly #interpreter: Interpreter
  readonly #timeLimit: number
  readonly #stop: AbortSignal
  readonly #turn = new Slots(1)
  #worker: Worker | null = null

  constructor(interpreter: Interpreter, timeLimit: number, stop: AbortSignal) {
    this.#interpreter = interpreter
    this.#timeLimit = timeLimit
    this.#stop = stop
  }

  judge(source: Uint8Array, slots: Slots): Promise<Verdict> {
    return this.#turn.use(() => slots.use(() => this.#judgeNow(source)))
  }

  async #judgeNow(source: Uint8Array): Promise<Verdict> {
    this.#stop.throwIfAborted()
    if (this.#worker?.isUsable() === false) await this.#endWorker()
    try {
      this.#worker ??= startWorker(this.#interpreter)
      const line = await this.#worker.check(source, this.#timeLimit)
      const verdict = parseAnswer(line)
      if (verdict === null) throw new WorkerFailure('it writes what is no answer')
      return verdict
    } catch (failure) {
      await this.#endWorker()
      this.#stop.throwIfAborted()
      if (!(failure instanceof WorkerFailure)) throw failure
      return undecided(`${this.#interpreter.id} did not judge it: ${failure.message}`)
    }
  }

  async #endWorker(): Promise<void> {
    const worker = this.#worker
    this.#worker = null
    await worker?.end()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#endWorker()
  }
}

function startWorker({ version, provider, executable }: Interpreter): Worker {
  if (provider === 'embedded') return startEmbeddedWorker(version)
  return startNativeWorker(executable!, version)
}
