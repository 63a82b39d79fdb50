import type { Bytecode, PythonFile } from './manifest.ts'
import type { Path } from './path.ts'

/**
 * What a `.pyc` was made of, by a CPython that would run it: the very source, or one with the same code; another source; another
 * one, as this one is rejected; none that this CPython made (it would not run it); nobody knows.
 */
export type BytecodeOrigin = 'same' | 'different' | 'rejected' | 'foreign' | 'unreadable'

/** A `.pyc` that Python would run instead of looking into a source. */
export interface BytecodePair {
  /** The source's, in the repository. */
  readonly path: Path
  readonly stage: string
  readonly bytecodePath: Path
  readonly bytecode: Bytecode
  /** Why Python takes it: it does not check; time and size of the source are right; there is no source beside it. */
  readonly reason: 'unchecked-hash' | 'timestamp' | 'sourceless'
  /** The source in the image; of a sourceless one, that which went up. */
  readonly source: PythonFile
}

/** What came of looking at the bytecode of all images. */
export interface BytecodeAnswers {
  /** Which Python would have run it, by version. Empty where nobody knows which will run. */
  readonly askers: readonly string[]
  /** `.pyc` files of the source's files, taken by Python or not. */
  readonly total: number
  readonly stale: readonly BytecodePair[]
  /** Of what nobody can tell. */
  readonly unknown: readonly BytecodePair[]
}
