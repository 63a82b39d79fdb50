import type { DeclaredVersion } from '../model/interpreter.ts'
import type { ProjectFile, Reading } from './project-file.ts'
import { firstVersion } from './python-version.ts'
import { isTable, parseToml, placeOf, tableOf } from './toml-file.ts'

/**
 * The version that mise.toml names for python: a string, a table with a `version`, or an array of these, of which the
 * first that is one of CPython counts.
 *
 * @throws VerifierError when the file is not TOML.
 * @see https://mise.jdx.dev/configuration.html
 */
export function miseFile(file: ProjectFile): Reading<DeclaredVersion> {
  const toml = parseToml(file)
  const tool = tableOf(toml, ['tools'])?.python
  if (tool === undefined) return { value: null, remarks: [] }
  const inTools = placeOf(toml, ['tools'], 'python')
  const from = inTools === file.path ? placeOf(toml, ['tools', 'python'], 'version') : inTools
  return firstVersion([tool].flat().map(item => ({ text: isTable(item) ? item.version : item, from })))
}
