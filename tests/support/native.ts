import { findInterpreters } from '../../src/interpreters/find-interpreters.ts'
import { type Interpreter, minorVersion } from '../../src/model/interpreter.ts'
import type { Need } from './needs.ts'
import { sharedCache } from './shared-folder.ts'

/** The CPythons of this machine and the embedded ones, as they are found: by version, native before embedded. */
export const allPythons = await findInterpreters({
  environment: process.env,
  allow: 'auto',
  cacheDirectory: sharedCache,
})

/** The CPythons of this machine, by version. */
export const nativePythons = allPythons.filter(({ provider }) => provider === 'native')

/** A native CPython of a minor version on this machine. */
export function nativePython(minor: string): Interpreter | undefined {
  return nativePythons.find(({ version }) => minorVersion(version) === minor)
}

/** That tests need it. */
export function needsNative(...minors: readonly string[]): Need {
  return {
    name: `native CPython ${minors.join(', ')}`,
    present: minors.every(minor => nativePython(minor) !== undefined),
  }
}
