/** A source to be compiled, or two whose syntax trees are to be compared. */
export type Question = readonly [Uint8Array] | readonly [Uint8Array, Uint8Array]

/** What compiles for one interpreter: a process, a thread. */
export interface Worker {
  /**
   * The answer of check.py to one question, a line of JSON. One question at a time.
   *
   * @throws WorkerFailure when there is none within `timeLimit` milliseconds; the worker is of no more use then.
   */
  ask(question: Question, timeLimit: number): Promise<string>
  /** False once it has failed, be it while nobody asked: such a failure is no source's fault. */
  isUsable(): boolean
  /** Ends it, whatever it is doing, and resolves when it is gone. May be called again. */
  end(): Promise<void>
}
