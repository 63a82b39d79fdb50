/** A program at work, wherever it runs: a process of this machine, a container. */
export interface RunningProgram {
  readonly stdin: NodeJS.WritableStream
  readonly stdout: NodeJS.ReadableStream
  /** Resolves when it is gone, with why in plain words that end no sentence: `it ended with exit code 1`. Never rejects. */
  readonly gone: Promise<string>
  /** Ends it, whatever it is doing, and resolves when it is gone. May be called again. */
  end(): Promise<void>
}

/** Starts one program with these arguments. Never rejects: one that cannot be started says so by `gone`. */
export type StartProgram = (args: readonly string[]) => Promise<RunningProgram>
