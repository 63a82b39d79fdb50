import type { DeclaredVersion } from '../model/interpreter.ts'
import type { ProjectFile, Reading } from './project-file.ts'
import { firstVersion, versionPattern } from './python-version.ts'
import { itemsOf, parseYaml, under, wordOf } from './yaml-file.ts'

/** `python=3.11`, `conda-forge::python==3.11.4`, `python 3.11.*`, `python=3.11.4=h955ad1f_0`. */
const pinned = new RegExp(String.raw`^(?:\S+::)?python(?:\s*==?\s*|\s+)(${versionPattern})(?:\.?\*)?(?:=\S*)?$`)

/**
 * The version that conda's environment.yml pins python to.
 *
 * @throws VerifierError when the file is no YAML.
 * @see https://docs.conda.io/projects/conda/en/stable/user-guide/tasks/manage-environments.html
 */
export function condaEnvironment(file: ProjectFile): Reading<DeclaredVersion> {
  const words = itemsOf(under(parseYaml(file), 'dependencies')).flatMap(item => wordOf(item) ?? [])
  const pythons = words.filter(({ text }) => /^(?:\S+::)?python(?![\w.-])/.test(text))
  return firstVersion(pythons.map(({ text, from }) => ({ text: pinned.exec(text)?.[1] ?? text, from })))
}
