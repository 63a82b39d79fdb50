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

/** Whether git runs firstbreak before it pushes from the repository; `file` is what says so, or would. */
export type HookState =
  /** `isChained`: a hook that was there before runs after it. */
  | { readonly kind: 'installed'; readonly file: string; readonly isChained: boolean }
  /** It names firstbreak, and nothing runs it; the reason in words that end no sentence. */
  | { readonly kind: 'idle'; readonly file: string; readonly reason: string }
  /** Another hook, which does not name firstbreak itself. */
  | { readonly kind: 'other'; readonly file: string }
  | { readonly kind: 'absent'; readonly file: string }

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
  /** Null where there is no repository. */
  readonly hook: HookState | null
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
