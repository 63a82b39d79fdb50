import type { DeploymentRecord } from './deployment.ts'

/** One step of a traceback. Paths are those of the container. */
export interface Frame {
  readonly path: string
  /** 1-based; 0 where CPython knows the file alone, as for an unknown encoding. */
  readonly line: number
  /** What ran there; null for the place of a syntax error, where nothing did. */
  readonly function: string | null
  /** The line as the traceback shows it, without the blanks around it; null where it shows none. */
  readonly text: string | null
}

/**
 * What ended the program: a source that is no Python, a module or a name that is not there, or something that happened while
 * it ran; `cut`: the log shows where it was, and not what was raised.
 */
export type CrashKind = 'syntax' | 'import' | 'runtime' | 'cut'

/** An exception as Python printed it. */
export interface Traceback {
  readonly kind: CrashKind
  /** As `SyntaxError`, `gunicorn.errors.HaltServer`, `Fatal Python error`; null where the log is cut off before it. */
  readonly exception: string | null
  /** Its first line; may be empty. */
  readonly message: string
  /** Outermost first; the last of a syntax error is its place. None where only the last line of it is there. */
  readonly frames: readonly Frame[]
  /** When it was logged, in RFC 3339; null where the log does not tell. */
  readonly at: string | null
  /** The revision, or the execution and the task, that logged it; null where the log does not tell. */
  readonly subject: string | null
}

/** A log, as far as it tells why a program ended. */
export interface LogRecord {
  /** How many entries or, of plain output, lines it has. */
  readonly entries: number
  /** In the order of time. */
  readonly tracebacks: readonly Traceback[]
  /** Every revision or execution that logged anything, sorted. */
  readonly subjects: readonly string[]
  /** What the platform says of containers, as `Container called exit(1).`; in the order of time, each once. */
  readonly remarks: readonly string[]
  /** Those that entries of the audit log carry, the newest last. */
  readonly deployments: readonly DeploymentRecord[]
}

/** Where a syntax error stands: of one whose source was read from a file, its last frame; null where none is shown. */
export function placeOf({ kind, frames }: Pick<Traceback, 'kind' | 'frames'>): Frame | null {
  const last = frames.at(-1)
  return kind === 'syntax' && last?.function === null ? last : null
}

/** The minor version of the Python whose library the frames lead through, as `3.11`; null when they lead through none. */
export function pythonOf({ frames }: Pick<Traceback, 'frames'>): string | null {
  const versions = frames.flatMap(({ path }) => /[\\/]python(3\.\d{1,2})t?[\\/]/.exec(path)?.[1] ?? [])
  return versions.at(-1) ?? null
}
