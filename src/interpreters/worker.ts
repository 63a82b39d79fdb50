/** What compiles for one interpreter: a process, a thread. */
export interface Worker {
  /**
   * The answer of check.py for one source, a line of JSON. One source at a time.
   *
   * @throws WorkerFailure when there is none within `timeLimit` milliseconds; the worker is of no more use then.
   */
  check(source: Uint8Array, timeLimit: number): Promise<string>
  /** False once it has failed, be it while nobody asked: such a failure is no source's fault. */
  isUsable(): boolean
  /** Ends it, whatever it is doing, and resolves when it is gone. May be called again. */
  end(): Promise<void>
}
