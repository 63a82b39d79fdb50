import type { Environment } from '../model/environment.ts'

/** All that a run sees and touches of the process it runs in. */
export interface Io {
  readonly cwd: string
  readonly environment: Environment
  /** What is piped in; null where a person would have to type it. */
  readonly input: () => AsyncIterable<Uint8Array> | null
  readonly out: Sink
  readonly err: Sink
  /** Tells to give up. */
  readonly signal: AbortSignal
  /**
   * Signals that would end the run go to `receiver` instead, until the function that is returned is called. What a terminal sends
   * to all that runs in it is not sent once more.
   */
  readonly divertSignals: (receiver: (signal: NodeJS.Signals) => void) => () => void
  /** Folders and files that are removed when the process ends, however it does; whoever makes one adds it, and takes it out when it is gone. */
  readonly leftovers: Set<string>
}

export interface Sink {
  readonly write: (text: string) => void
  /** Of the terminal that it is; null where it is none. */
  readonly columns: number | null
}

/** 0 nothing is broken, 1 something is, 2 could not tell; a command that runs another one has that one's. */
export type ExitCode = 0 | 1 | 2
