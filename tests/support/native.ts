import { findInterpreters } from '../../src/interpreters/find-interpreters.ts'
import { type Interpreter, minorVersion } from '../../src/model/interpreter.ts'
import type { Need } from './needs.ts'

const found = await findInterpreters({ environment: process.env, allow: 'native' })

/** A native CPython of a minor version on this machine. */
export function nativePython(minor: string): Interpreter | undefined {
  return found.find(({ version }) => minorVersion(version) === minor)
}

/** That tests need it. */
export function needsNative(...minors: readonly string[]): Need {
  return {
    name: `native CPython ${minors.join(', ')}`,
    present: minors.every(minor => nativePython(minor) !== undefined),
  }
}
