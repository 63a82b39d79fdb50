import type { Interpreter } from './interpreter.ts'

export interface Position {
  /** 1-based. */
  readonly line: number
  /** 1-based, in code points of the decoded line, whatever unit the interpreter counts in. */
  readonly column: number
}

/** What CPython warns of in a source that it takes. */
export interface Warned {
  /** In the order of the lines; each message once a line. */
  readonly warnings: readonly SourceWarning[]
  /** False where there are more than are listed. */
  readonly complete: boolean
}

export interface SourceWarning {
  /** At column 1 where nobody can tell more than the line. */
  readonly at: Position
  /** `SyntaxWarning`, `DeprecationWarning`. */
  readonly category: string
  /** CPython's own words. */
  readonly message: string
}

/** What one interpreter says of one file's bytes. */
export type Verdict =
  | {
      readonly kind: 'compiles'
      /** What CPython warned of meanwhile; left out where it did not. */
      readonly warned?: Warned
    }
  | {
      readonly kind: 'breaks'
      /** Null when CPython gives no place. */
      readonly at: Position | null
      /** Just behind the last character of the place, where CPython tells (3.10 and later). */
      readonly end: Position | null
      /** The class of the exception: `SyntaxError`, `ValueError`, … */
      readonly exception: string
      /** CPython's own words, without the place. */
      readonly message: string
    }
  /** The worker crashed or ran out of time on this file, or none was found. Never counted as a pass. */
  | { readonly kind: 'undecided'; readonly reason: string }

/** Whether an interpreter finds the same syntax tree in two sources, wherever in them it stands; null when it cannot tell. */
export type SameTree = (sources: readonly [Uint8Array, Uint8Array], interpreter: Interpreter) => Promise<boolean | null>

/**
 * Has `interpreter` compile `source`, as `compile(bytes, …, 'exec', dont_inherit=True)` does, and never runs it.
 * What the bytes do to the interpreter is an answer; rejects only when the interpreters as a whole cannot work on.
 */
export type Judge = (source: Uint8Array, interpreter: Interpreter) => Promise<Verdict>
