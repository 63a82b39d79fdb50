import type { DeclaredVersion } from '../model/interpreter.ts'
import { type ProjectFile, quoted, type Reading } from './project-file.ts'
import { versionPattern } from './python-version.ts'

/**
 * What pyenv and uv take for a version of CPython: `3.12`, `3.12.4`, `3.14-dev`, `3.13t`, `python-3.12`, `cpython@3.12`,
 * `cpython-3.12.4-linux-x86_64-gnu`, and pyenv's name of a virtual environment, `3.12.4/envs/name`.
 */
const cpython = new RegExp(
  String.raw`^(?:c?python[-@]?)?(${versionPattern})(?:t|-dev|\+freethreaded|-(?:linux|macos|windows)-\S+|/envs/\S+)?$`,
)

/**
 * The version a `.python-version` file names: the first that is one of CPython. Comments and blank lines are skipped and
 * only the first word of a line is read, as pyenv does.
 *
 * @see https://github.com/pyenv/pyenv/blob/master/libexec/pyenv-version-file-read
 */
export function pythonVersionFile({ path, bytes }: ProjectFile): Reading<DeclaredVersion> {
  const remarks: string[] = []
  const lines = new TextDecoder().decode(bytes).split(/\r\n|\r|\n/)
  for (const [index, line] of lines.entries()) {
    const [word = ''] = line.trim().split(/\s+/)
    if (word === '' || word.startsWith('#')) continue
    const version = cpython.exec(word)?.[1]
    if (version !== undefined) return { value: { version, from: `${path}:${index + 1}` }, remarks }
    remarks.push(`${path}:${index + 1}: ${quoted(word)} names no minor version of CPython and is not used`)
  }
  return { value: null, remarks: remarks.length > 0 ? remarks : [`${path} names no version`] }
}
