import { compareVersions, type Interpreter } from '../model/interpreter.ts'

/** What a Python says it is; of another implementation, what it says of the Python it speaks. */
export interface PythonIdentity {
  /** `cpython`, `pypy`, …, in lower case. */
  readonly implementation: string
  /** Of the language, as `3.11.7`, `3.15.0a2`. */
  readonly version: string
  /** `cpython-311`; empty in 2.7. */
  readonly cacheTag: string
  /** Of its bytecode, as 8 hex digits. */
  readonly magic: string
  /** `linux-x86_64`, `macosx-14.0-arm64`, `win-amd64`. */
  readonly platform: string
  /** `glibc 2.36`; where that is not to be had, what it was built for, as `x86_64-linux-musl`; empty on Windows. */
  readonly libc: string
  /** `64-bit`, and what sets the build apart from an ordinary one, as `debug`, `free-threaded`. */
  readonly traits: readonly string[]
  /** When and with what it was built, as `main, May  9 2026, 07:35:25 [GCC 12.2.0]`. */
  readonly compiled: string
}

const shapes = {
  implementation: /^[a-z]\w{0,31}$/,
  version: /^\d+\.\d+\.\d+(?:(?:a|b|rc)\d+)?$/,
  cacheTag: /^[\w.-]{0,64}$/,
  magic: /^[0-9a-f]{8}$/,
  platform: /^[\w.-]{1,64}$/,
  libc: /^[\w .-]{0,64}$/,
  compiled: /^[\x20-\x7e]{0,400}$/,
} satisfies Record<Exclude<keyof PythonIdentity, 'traits'>, RegExp>

/** Null when it is not an identity, whoever it came from. */
export function parseIdentity(value: unknown): PythonIdentity | null {
  if (typeof value !== 'object' || value === null) return null
  const { traits, ...texts } = value as Record<string, unknown>
  const areTexts = Object.entries(shapes).every(([name, shape]) => isText(texts[name], shape))
  const areTraits = Array.isArray(traits) && traits.length < 8 && traits.every(each => isText(each, /^[\w -]{1,32}$/))
  return areTexts && areTraits ? (value as PythonIdentity) : null
}

function isText(value: unknown, shape: RegExp): boolean {
  return typeof value === 'string' && shape.test(value)
}

/**
 * The interpreter that a Python is.
 *
 * @throws Error, with why in its message, when it is none of the CPythons that can be asked: 2.7, and 3.6 and later.
 */
export function nativeInterpreter(identity: PythonIdentity, executable: string): Interpreter {
  assertCanBeAsked(identity)
  const { version } = identity
  return { id: `native-${version}`, version, provider: 'native', build: buildOf(identity), executable }
}

/** @throws Error, with why in its message, when it is none of the CPythons that can be asked: 2.7, and 3.6 and later. */
export function assertCanBeAsked({ implementation, version }: PythonIdentity): void {
  if (implementation !== 'cpython') {
    throw new Error(`it is no CPython: it says it is ${implementation}, of Python ${version}`)
  }
  if (!version.startsWith('2.7.') && compareVersions(version, '3.6') < 0) {
    throw new Error(`it is CPython ${version}; 2.7, and 3.6 and later can be asked`)
  }
}

/** In one line, for a person as well: everything that may set two builds of one version apart. */
export function buildOf({
  implementation,
  version,
  cacheTag,
  magic,
  platform,
  libc,
  traits,
  compiled,
}: PythonIdentity): string {
  const parts = [`${implementation} ${version}`, cacheTag, `magic ${magic}`, platform, libc, ...traits, compiled]
  return parts.filter(part => part !== '').join(', ')
}
