import type { Verdict } from '../model/verdict.ts'
import { parseAnswer, undecided } from './answer.ts'
import { WorkerFailure } from './exchange.ts'
import { Slots } from './slots.ts'
import type { Question, Worker } from './worker.ts'

export interface PoolOptions {
  /** The interpreter's, to be named in reasons. */
  readonly id: string
  readonly start: () => Promise<Worker>
  /** Workers at once. */
  readonly most: number
  /** Shared with other pools: how many workers may be busy. */
  readonly slots: Slots
  /** Milliseconds for one source. */
  readonly timeLimit: number
  readonly stop: AbortSignal
}

/** Workers that fail one after the other before they answer anything: the interpreter itself is broken. */
const mostFailedStarts = 3

type Undecided = Extract<Verdict, { kind: 'undecided' }>

/** The workers of one interpreter, and the queue in front of them. */
export class WorkerPool implements AsyncDisposable {
  readonly #options: PoolOptions
  readonly #turns: Slots
  readonly #idle: Worker[] = []
  readonly #workers = new Set<Worker>()
  readonly #tasks = new Set<Promise<unknown>>()
  readonly #proven = new WeakSet<Worker>()
  #failedStarts = 0
  #givenUp: Undecided | null = null

  constructor(options: PoolOptions) {
    this.#options = options
    this.#turns = new Slots(options.most)
  }

  /** The answer to a question as `parse` reads it; `undecided` where there is none. `parse` gives null for what is none. */
  ask<Answer>(question: Question, parse: (line: string) => Answer | null): Promise<Answer | Undecided> {
    const task = this.#turns.use(() => this.#options.slots.use(() => this.#askNow(question, parse)))
    this.#tasks.add(task)
    const forget = () => this.#tasks.delete(task)
    task.then(forget, forget)
    return task
  }

  async #askNow<Answer>(question: Question, parse: (line: string) => Answer | null): Promise<Answer | Undecided> {
    const first = this.#givenUp ?? (await this.#attempt(question, parse, this.#idle.pop()))
    if (!(first instanceof WorkerFailure)) return first
    const second = this.#givenUp ?? (await this.#attempt(question, parse))
    if (!(second instanceof WorkerFailure)) return second
    const verdict = undecided(`${this.#options.id} did not judge it: ${second.message}`)
    // Whether it is the source's fault or the interpreter's, the smallest source tells.
    if (this.#failedStarts > 0 && (await this.#attempt([new Uint8Array()], parseAnswer)) instanceof WorkerFailure) {
      if (this.#failedStarts >= mostFailedStarts) this.#givenUp = verdict
    }
    return verdict
  }

  /** What a worker says: an idle one, if there is one that can still be asked, else a new one. */
  async #attempt<Answer>(
    question: Question,
    parse: (line: string) => Answer | null,
    idle?: Worker,
  ): Promise<Answer | WorkerFailure> {
    const { stop, timeLimit } = this.#options
    stop.throwIfAborted()
    const worker = idle?.isUsable() ? idle : await this.#replace(idle)
    try {
      const answer = parse(await worker.ask(question, timeLimit))
      if (answer === null) throw new WorkerFailure('it writes what is no answer')
      this.#proven.add(worker)
      this.#failedStarts = 0
      this.#idle.push(worker)
      return answer
    } catch (failure) {
      if (!this.#proven.has(worker)) this.#failedStarts += 1
      await this.#end(worker)
      stop.throwIfAborted()
      if (!(failure instanceof WorkerFailure)) throw failure
      return failure
    }
  }

  async #replace(old: Worker | undefined): Promise<Worker> {
    if (old !== undefined) await this.#end(old)
    const worker = await this.#options.start()
    this.#workers.add(worker)
    if (!this.#options.stop.aborted) return worker
    await this.#end(worker)
    return Promise.reject(this.#options.stop.reason)
  }

  async #end(worker: Worker): Promise<void> {
    this.#workers.delete(worker)
    await worker.end()
  }

  /** For when it is stopped: ends every worker, also one that is being started. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#workers].map(worker => worker.end()))
    await Promise.allSettled(this.#tasks)
  }
}
