import { satisfies, validRange } from '@renovatebot/pep440'
import { pep440OfPoetry } from './poetry-constraint.ts'
import { quoted, type Reading } from './project-file.ts'
import { type Pyproject, placeOf, tableOf } from './pyproject.ts'

/** The versions of Python a project says it runs on. */
export interface SupportedVersions {
  /** A PEP 440 specifier set, `>=3.9,<3.13`; valid. */
  readonly specifier: string
  /** Where it is written, for a person. */
  readonly from: string
}

/** More than the patch releases any minor version ever had. */
const patches = Array.from({ length: 50 }, (_, patch) => patch)

/** Whether a specifier set takes any patch release of a minor version: `>=3.11.4` takes some of `3.11`. */
export function admits(specifier: string, minor: string): boolean {
  return patches.some(patch => satisfies(`${minor}.${patch}`, specifier))
}

/** `requires-python` of `[project]`; where there is none, `python` of `[tool.poetry.dependencies]`. */
export function supportedVersions(pyproject: Pyproject): Reading<SupportedVersions> {
  return (
    readSpecifier(pyproject, ['project'], 'requires-python', specifier => specifier) ??
    readSpecifier(pyproject, ['tool', 'poetry', 'dependencies'], 'python', pep440OfPoetry) ?? {
      value: null,
      remarks: [],
    }
  )
}

/** Null when the key is not there. */
function readSpecifier(
  pyproject: Pyproject,
  table: readonly string[],
  key: string,
  translate: (specifier: string) => string | null,
): Reading<SupportedVersions> | null {
  const written = tableOf(pyproject, table)?.[key]
  if (written === undefined) return null
  const from = placeOf(pyproject, table, key)
  if (typeof written !== 'string') return { value: null, remarks: [`${from}: ${key} is no string and is not used`] }
  const specifier = translate(written)
  if (specifier !== null && validRange(specifier)) return { value: { specifier, from }, remarks: [] }
  return { value: null, remarks: [`${from}: ${quoted(written)} cannot be read as a PEP 440 specifier and is not used`] }
}
