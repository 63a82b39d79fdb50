import type { Interpreter } from './interpreter.ts'

/** An interpreter and where it was found. */
export interface FoundInterpreter extends Interpreter {
  /** `PATH`, `.venv`, or who installed it: `pyenv`, `uv`, `firstbreak` for the embedded ones. */
  readonly from: string
}

/** What is called like a Python and is not asked. */
export interface LeftOut {
  readonly path: string
  readonly from: string
  /** In words that end no sentence. */
  readonly reason: string
}

/** A program or a service of the machine: its version, or why it is not to be had. */
export type Tool = { readonly version: string } | { readonly absent: string }

/** What a run of firstbreak finds here to work with. */
export interface Machine {
  readonly git: Tool
  /** By version, native before embedded. */
  readonly interpreters: readonly FoundInterpreter[]
  /** In the order of the search. */
  readonly leftOut: readonly LeftOut[]
  /** The address is null where there is none to ask at. */
  readonly containerEngine: Tool & { readonly address: string | null }
  readonly gcloud: Tool
  /** Null where there is no place for one. */
  readonly cache: CacheState | null
  /** The user's own folder; null where nothing names it. */
  readonly home: string | null
}

export interface CacheState {
  readonly directory: string
  readonly isWritable: boolean
  /** Of its files together. */
  readonly bytes: number
}
