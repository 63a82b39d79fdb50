import type { DeclaredVersion } from '../model/interpreter.ts'
import { linesOf, type ProjectFile, type Reading } from './project-file.ts'
import { firstVersion } from './python-version.ts'

/**
 * The version that `.tool-versions` names for python: the first of its line that is one of CPython.
 *
 * @see https://asdf-vm.com/manage/configuration.html#tool-versions
 */
export function toolVersions(file: ProjectFile): Reading<DeclaredVersion> {
  return firstVersion(
    linesOf(file).flatMap(({ text, from }) => {
      const [tool, ...versions] = text.split('#', 1)[0]!.trim().split(/\s+/)
      return tool === 'python' ? versions.map(version => ({ text: version, from })) : []
    }),
  )
}
