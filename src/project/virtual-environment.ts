import type { DeclaredVersion } from '../model/interpreter.ts'
import { iniEntries, iniLines } from './ini-file.ts'
import { type ProjectFile, quotedText, type Reading } from './project-file.ts'
import { firstVersion } from './python-version.ts'

/**
 * The version of the interpreter that a virtual environment was made with: `version` of its pyvenv.cfg, as venv writes it,
 * or `version_info`, as virtualenv and uv do.
 *
 * @see https://docs.python.org/3/library/venv.html
 */
export function virtualEnvironment(file: ProjectFile): Reading<DeclaredVersion> {
  const entries = iniEntries(file)
  const [implementation] = iniLines(entries, '', 'implementation')
  if (implementation !== undefined && implementation.text !== 'CPython') {
    return { value: null, remarks: [`${implementation.from}: ${quotedText(implementation.text)} is not CPython`] }
  }
  const lines = ['version', 'version_info'].flatMap(key => iniLines(entries, '', key))
  return firstVersion(
    lines.map(({ text, from }) => ({ text: text.replace(/\.(?:alpha|beta|candidate|final)\.\d+$/, ''), from })),
  )
}
