import type { DeclaredVersion } from '../model/interpreter.ts'
import { type ProjectFile, placeOfText, type Reading } from './project-file.ts'
import { firstVersion, type Word } from './python-version.ts'
import { isTable, parseToml, type Table, type TomlFile } from './toml-file.ts'

/**
 * What tells Google's buildpacks which Python to take, the decisive one first.
 *
 * @see https://cloud.google.com/docs/buildpacks/python
 */
const versionVariables: readonly string[] = ['GOOGLE_PYTHON_VERSION', 'GOOGLE_RUNTIME_VERSION']

/** A variable of a build. */
export interface BuildVariable {
  readonly name: string
  readonly value: Word
}

/** The version that the variables of a build ask for. */
export function versionOfVariables(variables: readonly BuildVariable[]): Reading<DeclaredVersion> {
  return firstVersion(
    versionVariables.flatMap(name => variables.filter(each => each.name === name).map(({ value }) => value)),
  )
}

/**
 * The version that project.toml asks for, in `[[io.buildpacks.build.env]]` or, as it was before schema 0.2, `[[build.env]]`.
 *
 * @throws VerifierError when the file is not TOML.
 * @see https://buildpacks.io/docs/reference/config/project-descriptor/
 */
export function projectDescriptor(file: ProjectFile): Reading<DeclaredVersion> {
  const toml = parseToml(file)
  const tables = [
    ['io', 'buildpacks', 'build', 'env'],
    ['build', 'env'],
  ].flatMap(name => tablesAt(toml, name))
  const named = versionVariables
    .map(name => tables.find(table => table.name === name))
    .filter(table => table !== undefined)
  return versionOfVariables(
    named.map(table => {
      const name = String(table.name)
      return { name, value: { text: table.value, from: placeOfText(file, name) } }
    }),
  )
}

/** An array of tables; empty when there is none of that name. */
function tablesAt({ root }: TomlFile, name: readonly string[]): readonly Table[] {
  const value = name.reduce<unknown>((at, key) => (isTable(at) && Object.hasOwn(at, key) ? at[key] : undefined), root)
  return Array.isArray(value) ? value.filter(isTable) : []
}
