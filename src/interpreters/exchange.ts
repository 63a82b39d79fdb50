/** Why a worker gave no answer, in plain words that end no sentence. It is of no more use. */
export class WorkerFailure extends Error {
  override readonly name = 'WorkerFailure'
}

interface Question<Answer> {
  readonly resolve: (answer: Answer) => void
  readonly reject: (failure: WorkerFailure) => void
  readonly timer: NodeJS.Timeout
}

/** Questions to a worker, one at a time, each answered by a message, a failure, or the end of its time. */
export class Exchange<Answer = string> {
  #question: Question<Answer> | null = null
  #failure: WorkerFailure | null = null

  /**
   * Sends a question and waits for its answer, `timeLimit` milliseconds at most.
   *
   * @throws WorkerFailure when none comes; and from then on, whatever is asked.
   */
  ask(send: () => void, timeLimit: number): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== null) return reject(this.#failure)
      const timer = setTimeout(() => this.fail(`it gave no answer within ${timeLimit / 1000} s`), timeLimit)
      this.#question = { resolve, reject, timer }
      send()
    })
  }

  /** Whether it can be asked. */
  isOpen(): boolean {
    return this.#failure === null
  }

  /** The worker has answered. */
  answer(answer: Answer): void {
    if (this.#question === null) this.fail('it spoke without being asked')
    else this.#close().resolve(answer)
  }

  /** The worker will not answer any more. Only the first reason counts. */
  fail(reason: string): void {
    this.#failure ??= new WorkerFailure(reason)
    if (this.#question !== null) this.#close().reject(this.#failure)
  }

  #close(): Question<Answer> {
    const question = this.#question!
    this.#question = null
    clearTimeout(question.timer)
    return question
  }
}
