import { compareVersions, type DeclaredVersion, minorVersion } from '../model/interpreter.ts'
import type { Path } from '../model/path.ts'
import { versionPattern } from './python-version.ts'

/** The place of a CPython's standard library: its prefix, its directory, its minor version. */
const standardLibrary = /^((?:(.*)\/)?lib(?:64)?\/python([23]\.\d+)t?)\/os\.py$/

/** Where `python` is looked for first: official images install to usr/local, distributions to usr. */
const prefixes = ['usr/local', 'usr']

/**
 * The CPythons an image shows, the one that most likely runs its service first, one for each minor version. They are told
 * by the variable PYTHON_VERSION that official images set, and by their standard libraries among `pythonPaths`; the
 * variable does not count when the image holds standard libraries and none of that version.
 */
export function imagePythons(
  environment: ReadonlyMap<string, string>,
  pythonPaths: Iterable<Path>,
): readonly DeclaredVersion[] {
  const libraries = standardLibraries(pythonPaths)
  const version = environment.get('PYTHON_VERSION') ?? ''
  if (!new RegExp(`^${versionPattern}$`).test(version)) return libraries
  const others = libraries.filter(library => library.version !== minorVersion(version))
  if (libraries.length > 0 && others.length === libraries.length) return libraries
  return [{ version, from: 'PYTHON_VERSION in the image' }, ...others]
}

function standardLibraries(pythonPaths: Iterable<Path>): DeclaredVersion[] {
  const found: { version: string; from: string; rank: number }[] = []
  for (const path of pythonPaths) {
    const match = standardLibrary.exec(path)
    if (match === null) continue
    const [, directory, prefix = '', version = ''] = match
    const known = prefixes.indexOf(prefix)
    found.push({ version, from: `${directory} in the image`, rank: known === -1 ? prefixes.length : known })
  }
  found.sort((a, b) => a.rank - b.rank || compareVersions(b.version, a.version) || (a.from < b.from ? -1 : 1))
  return found
    .filter(({ version }, index) => found.findIndex(other => other.version === version) === index)
    .map(({ version, from }) => ({ version, from }))
}
