import type { DeclaredVersion } from '../model/interpreter.ts'
import { linesOf, type ProjectFile, type Reading } from './project-file.ts'
import { firstVersion } from './python-version.ts'

/**
 * The version a `.python-version` or `runtime.txt` file names: the first that is one of CPython. Comments and blank lines
 * are skipped and only the first word of a line is read, as pyenv does.
 *
 * @see https://github.com/pyenv/pyenv/blob/master/libexec/pyenv-version-file-read
 */
export function pythonVersionFile(file: ProjectFile): Reading<DeclaredVersion> {
  const words = linesOf(file)
    .map(({ text, from }) => ({ text: text.trim().split(/\s+/)[0]!, from }))
    .filter(({ text }) => text !== '' && !text.startsWith('#'))
  return words.length > 0 ? firstVersion(words) : { value: null, remarks: [`${file.path} names no version`] }
}
