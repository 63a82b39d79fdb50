import { posix } from 'node:path'
import type { HeldPython } from '../model/image-description.ts'
import { compareVersions, type DeclaredVersion, minorVersion } from '../model/interpreter.ts'
import type { Path } from '../model/path.ts'
import { type Notes, withoutLinks } from './noted-files.ts'
import { versionPattern } from './python-version.ts'
import type { ReachedPython } from './reached-python.ts'
import { type Installation, witnessesOf } from './version-witnesses.ts'

/** What an image shows of the Pythons in it, without any of them being run. */
export interface ShownPythons {
  /** What it is called in a sentence: `the image`. */
  readonly title: string
  readonly environment: ReadonlyMap<string, string>
  readonly pythonPaths: Iterable<Path>
  readonly notes: Notes
  /** The program that its entrypoint, its command or its PATH leads to. */
  readonly reached: ReachedPython | null
}

/** The place of a CPython's standard library: its prefix, its directory, its minor version. */
const standardLibrary = /^((?:(.*)\/)?lib(?:64)?\/python(([23]\.\d+)t?))\/os\.py$/

/** Where `python` is looked for first: official images install to usr/local, distributions to usr. */
const prefixes = ['usr/local', 'usr']

/**
 * The CPythons an image shows: the one that is reached first, then as PATH mostly has them, one for each version. They are
 * told by their standard libraries, and their exact versions by the first witness of `witnessesOf`; by PYTHON_VERSION alone
 * only where there is no standard library. Whatever contradicts what was decided is told.
 */
export function imagePythons(shown: ShownPythons): { pythons: readonly HeldPython[]; remarks: readonly string[] } {
  const { environment, title, reached } = shown
  const declared = declaredVersion(environment)
  const installations = standardLibraries(shown.pythonPaths)
  if (installations.length === 0) {
    const version = declared === null ? [] : [{ version: declared, from: `PYTHON_VERSION in ${title}` }]
    return { pythons: version.map(each => ({ ...each, prefix: null, ...pathOf(reached) })), remarks: [] }
  }
  const real = reached === null ? null : realPython(reached.path, shown.notes)
  const isReached = (each: Installation) => real !== null && isOf(each, real)
  const ordered = [...installations.filter(isReached), ...installations.filter(each => !isReached(each))]
  // The variable speaks for one of them.
  const meant = ordered.find(({ minor }) => declared !== null && minor === minorVersion(declared))
  const told = ordered.map(installation => ({
    installation,
    witnesses: witnessesOf(installation, { ...shown, declared: installation === meant ? declared : null }),
  }))
  const pythons = told.map(({ installation, witnesses: [first] }) => ({
    ...first!,
    prefix: `/${installation.prefix}`,
    ...(isReached(installation) ? pathOf(reached) : pathOf(null)),
  }))
  return {
    pythons: pythons.filter(({ version }, at) => pythons.findIndex(each => each.version === version) === at),
    remarks: [...told.flatMap(({ witnesses }) => contradictions(witnesses)), ...foreign(declared, pythons, title)],
  }
}

function pathOf(reached: ReachedPython | null): Pick<HeldPython, 'path' | 'reachedBy'> {
  return { path: reached?.path ?? null, reachedBy: reached?.by ?? null }
}

function declaredVersion(environment: ReadonlyMap<string, string>): string | null {
  const version = environment.get('PYTHON_VERSION') ?? ''
  return new RegExp(`^${versionPattern}$`).test(version) ? version : null
}

function standardLibraries(pythonPaths: Iterable<Path>): Installation[] {
  const found: (Installation & { readonly rank: number })[] = []
  for (const path of pythonPaths) {
    const match = standardLibrary.exec(path)
    if (match === null) continue
    const [, library = '', prefix = '', name = '', minor = ''] = match
    const known = prefixes.indexOf(prefix)
    found.push({ library, prefix, name, minor, rank: known === -1 ? prefixes.length : known })
  }
  return found.sort((a, b) => a.rank - b.rank || compareVersions(b.minor, a.minor) || (a.library < b.library ? -1 : 1))
}

/** The program behind all links; of a virtual environment that has a copy, the one that it was made of. */
function realPython(path: string, notes: Notes): string | null {
  const real = withoutLinks(path, notes)
  if (real === null || /\d$/.test(real)) return real
  const settings = notes.get(posix.join(posix.dirname(real), '..', 'pyvenv.cfg').slice(1) as Path)
  const home = settings?.kind === 'text' ? /^home\s*=\s*(\S.*?)\s*$/m.exec(settings.text)?.[1] : undefined
  return home === undefined ? real : (withoutLinks(posix.join(home, 'python3'), notes) ?? real)
}

/** Whether a program belongs to an installation: it lies in its bin, and its name tells no other minor version. */
function isOf({ prefix, minor }: Installation, program: string): boolean {
  const [, named = minor] = /python(\d+\.\d+)/.exec(posix.basename(program)) ?? []
  return program.startsWith(`/${posix.join(prefix, 'bin')}/`) && named === minor
}

/** Witnesses that name another release than the first one. */
function contradictions([first, ...others]: readonly DeclaredVersion[]): string[] {
  const isExact = ({ version }: DeclaredVersion) => version.split('.').length > 2
  const against = others.filter(each => isExact(each) && each.version !== first!.version)
  if (against.length === 0) return []
  const said = against.map(({ from, version }) => `${from} says ${version}`).join(', ')
  return [`${first!.from} is CPython ${first!.version}, and that counts, though ${said}`]
}

/** A PYTHON_VERSION of which the image holds nothing. */
function foreign(declared: string | null, pythons: readonly DeclaredVersion[], title: string): string[] {
  if (declared === null) return []
  if (pythons.some(({ version }) => minorVersion(version) === minorVersion(declared))) return []
  const held = pythons.map(({ version, from }) => `CPython ${version} (${from})`).join(', ')
  return [`PYTHON_VERSION in ${title} says ${declared} and does not count, as it holds ${held}`]
}
