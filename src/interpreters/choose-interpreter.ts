import { compareVersions, type Interpreter, minorVersion } from '../model/interpreter.ts'

/**
 * The interpreter that speaks for a declared version. For `3.11.7`: a native one of exactly that version, else the
 * embedded one of exactly that version, else the native one of the nearest patch release, else the nearest embedded one.
 * For `3.11`: the newest native one of that minor version, else the newest embedded one. A pre-release stands in for a
 * release only where there is nothing else. Null when nothing of that minor version is available, and for what names no
 * minor version: `3` and `latest` say nothing of the grammar.
 */
export function chooseInterpreter(declared: string, available: readonly Interpreter[]): Interpreter | null {
  if (!/^\d+\.\d+(\.\d+)?((a|b|rc)\d+)?$/.test(declared)) return null
  const candidates = available.filter(({ version }) => minorVersion(version) === minorVersion(declared))
  const preferences = [
    first(({ version }) => version === declared),
    first(each => !isPreRelease(each)),
    first(({ provider }) => provider === 'native'),
    (a: Interpreter, b: Interpreter) => distance(declared, a) - distance(declared, b),
    (a: Interpreter, b: Interpreter) => compareVersions(b.version, a.version),
  ]
  return candidates.sort((a, b) => preferences.map(compare => compare(a, b)).find(order => order !== 0) ?? 0)[0] ?? null
}

/** An order with those that are `wanted` before all others. */
function first(wanted: (interpreter: Interpreter) => boolean) {
  return (a: Interpreter, b: Interpreter) => Number(wanted(b)) - Number(wanted(a))
}

/** Whether it is an alpha, a beta or a release candidate. */
export function isPreRelease({ version }: Interpreter): boolean {
  return /\d(a|b|rc)\d+$/.test(version)
}

/** How many patch releases lie between; 0 when no patch release was declared. */
function distance(declared: string, { version }: Interpreter): number {
  const patch = patchOf(declared)
  return patch === null ? 0 : Math.abs(patch - (patchOf(version) ?? 0))
}

function patchOf(version: string): number | null {
  const patch = /^\d+\.\d+\.(\d+)/.exec(version)?.[1]
  return patch === undefined ? null : Number(patch)
}
