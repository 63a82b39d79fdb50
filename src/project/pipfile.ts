import type { DeclaredVersion } from '../model/interpreter.ts'
import type { ProjectFile, Reading } from './project-file.ts'
import { firstVersion } from './python-version.ts'
import { parseToml, placeOf, tableOf } from './toml-file.ts'

/**
 * `python_full_version` of a Pipfile's `[requires]`, else `python_version`.
 *
 * @throws VerifierError when the file is not TOML.
 * @see https://pipenv.pypa.io/en/latest/pipfile.html
 */
export function pipfile(file: ProjectFile): Reading<DeclaredVersion> {
  const toml = parseToml(file)
  const requires = tableOf(toml, ['requires']) ?? {}
  const keys = ['python_full_version', 'python_version'].filter(key => Object.hasOwn(requires, key))
  return firstVersion(keys.map(key => ({ text: requires[key], from: placeOf(toml, ['requires'], key) })))
}
