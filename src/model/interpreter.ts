import type { StartProgram } from './running-program.ts'

/**
 * Where an interpreter runs: on this machine, as the CPython that comes with firstbreak, compiled to WebAssembly, or in a
 * container of the image that is looked at, as that image's own.
 */
export type Provider = 'native' | 'embedded' | 'image'

/** One build of CPython that can be asked. */
export interface Interpreter {
  /** `native-3.11.7`, `image-3.11.7`, with several images `image-3.11.7@cloud`; unique among those of one run. */
  readonly id: string
  /** Full version, as `3.11.7` or `3.15.0a2`. */
  readonly version: string
  readonly provider: Provider
  /**
   * Tells this build from every other, also from another of the same version: verdicts remembered under it are its own. In
   * one line that a person can read as well; no part of the report of verify.
   */
  readonly build: string
  /** The program to run; null when embedded. In an image, its path there. Never part of a report. */
  readonly executable: string | null
}

/** The Python of an image, which is not trusted: it may say whatever its maker likes. */
export interface ImageInterpreter extends Interpreter {
  readonly provider: 'image'
  /** Name of the image's stage. */
  readonly stage: string
  /** `start`: a container of the image starts it; `PATH`: the first there, as that starts no Python. */
  readonly reachedBy: 'start' | 'PATH'
  readonly start: StartProgram
}

export function isOfImage(interpreter: Interpreter): interpreter is ImageInterpreter {
  return interpreter.provider === 'image'
}

export type Role = 'deploy' | 'dev'

/** An interpreter that was chosen, and for what. */
export interface CastInterpreter extends Interpreter {
  readonly roles: readonly Role[]
  /** The stages of the images whose files it runs; left out where it has no deploy role, and where it may run those of every image. */
  readonly images?: readonly string[]
  /** The version that was asked for, where this is another patch release of it; null when it is the very one. */
  readonly standsInFor: string | null
  /** The ids of the images' own interpreters that it is held against, being another build of their minor version. */
  readonly checks: readonly string[]
}

/** How an image's own interpreter and another build of its minor version answered for the same contents. */
export interface Agreement {
  /** Ids. */
  readonly own: string
  readonly other: string
  /** Contents: both take, or both reject them. */
  readonly equal: number
  readonly differing: number
}

/** A Python version that somebody asked for or declared: `3.11`, `3.11.7`. */
export interface DeclaredVersion {
  readonly version: string
  /** Where it is written, for a person: `Dockerfile:1`, `--deploy-python`. */
  readonly from: string
}

/** `3.11` of `3.11.7`. */
export function minorVersion(version: string): string {
  const [major = '', minor = ''] = version.split('.')
  return `${major}.${/^\d*/.exec(minor)![0]}`
}

/** Ascending by release, `3.9` before `3.10`; a pre-release before its release. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [versionKey(a), versionKey(b)]
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

/** Major, minor, patch, stage (alpha 1, beta 2, candidate 3, final 4), number within the stage. */
function versionKey(version: string): number[] {
  const match = /^(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:(a|b|rc)(\d+))?/.exec(version)
  if (match === null) return []
  const [, major, minor = '0', patch = '0', stage, serial = '0'] = match
  const rank = stage === undefined ? 4 : ['a', 'b', 'rc'].indexOf(stage) + 1
  return [Number(major), Number(minor), Number(patch), rank, Number(serial)]
}
