import type { DeclaredVersion } from '../model/interpreter.ts'
import type { ProjectFile, Reading } from './project-file.ts'
import { parseYaml, under, wordOf } from './yaml-file.ts'

/**
 * The Python that an app.yaml asks App Engine for: `runtime: python312`. What is called `python` alone is told elsewhere.
 *
 * @throws VerifierError when the file is no YAML.
 * @see https://cloud.google.com/appengine/docs/standard/reference/app-yaml
 */
export function appEngineFile(file: ProjectFile): Reading<DeclaredVersion> {
  const runtime = wordOf(under(parseYaml(file), 'runtime'))
  const [, major, minor] = /^python(\d)(\d+)$/.exec(runtime?.text ?? '') ?? []
  return { value: major === undefined ? null : { version: `${major}.${minor}`, from: runtime!.from }, remarks: [] }
}
