import { satisfies, validRange } from '@renovatebot/pep440'
import { specifierOfClassifiers } from './classifiers.ts'
import { iniEntries, iniLines } from './ini-file.ts'
import { pep440OfPoetry } from './poetry-constraint.ts'
import { type ProjectFile, quotedText, type Reading } from './project-file.ts'
import { placeOf, type TomlFile, tableOf } from './toml-file.ts'

/** The versions of Python a project says it runs on. */
export interface SupportedVersions {
  /** A PEP 440 specifier set, `>=3.9,<3.13`; valid. */
  readonly specifier: string
  /** Where it is written, for a person. */
  readonly from: string
}

/** More than the patch releases any minor version ever had. */
const patches = Array.from({ length: 50 }, (_, patch) => patch)

/** Characters. What is longer is asked too often to be matched in time. */
const longestSpecifier = 1024

/** Whether a specifier set takes any patch release of a minor version: `>=3.11.4` takes some of `3.11`. */
export function admits(specifier: string, minor: string): boolean {
  return patches.some(patch => satisfies(`${minor}.${patch}`, specifier))
}

/** `requires-python` of `[project]`; where there is none, `python` of `[tool.poetry.dependencies]`. */
export function supportedVersions(pyproject: TomlFile): Reading<SupportedVersions> {
  return (
    readSpecifier(pyproject, ['project'], 'requires-python', specifier => specifier) ??
    readSpecifier(pyproject, ['tool', 'poetry', 'dependencies'], 'python', pep440OfPoetry) ?? {
      value: null,
      remarks: [],
    }
  )
}

/** What the classifiers of `[project]` name. */
export function classifiedVersions(pyproject: TomlFile): Reading<SupportedVersions> {
  const written = tableOf(pyproject, ['project'])?.classifiers
  const classifiers = Array.isArray(written) ? written.filter(each => typeof each === 'string') : []
  return readClassifiers(classifiers, placeOf(pyproject, ['project'], 'classifiers'))
}

/** `python_requires` of `[options]` in setup.cfg. */
export function setupRequires(file: ProjectFile): Reading<SupportedVersions> {
  const lines = iniLines(iniEntries(file), 'options', 'python_requires')
  const [first] = lines
  if (first === undefined) return { value: null, remarks: [] }
  return parseSpecifier(lines.map(({ text }) => text).join(''), first.from, specifier => specifier)
}

/** What the classifiers of `[metadata]` in setup.cfg name. */
export function setupClassifiers(file: ProjectFile): Reading<SupportedVersions> {
  const lines = iniLines(iniEntries(file), 'metadata', 'classifiers')
  return readClassifiers(
    lines.map(({ text }) => text),
    lines[0]?.from ?? file.path,
  )
}

function readClassifiers(classifiers: readonly string[], from: string): Reading<SupportedVersions> {
  const specifier = specifierOfClassifiers(classifiers)
  return { value: specifier === null ? null : { specifier, from: `${from} (classifiers)` }, remarks: [] }
}

/** Null when the key is not there. */
function readSpecifier(
  pyproject: TomlFile,
  table: readonly string[],
  key: string,
  translate: (specifier: string) => string | null,
): Reading<SupportedVersions> | null {
  const written = tableOf(pyproject, table)?.[key]
  if (written === undefined) return null
  const from = placeOf(pyproject, table, key)
  if (typeof written !== 'string') return { value: null, remarks: [`${from}: ${key} is no string and is not used`] }
  return parseSpecifier(written, from, translate)
}

function parseSpecifier(
  written: string,
  from: string,
  translate: (specifier: string) => string | null,
): Reading<SupportedVersions> {
  const specifier = written.length > longestSpecifier ? null : translate(written)
  if (specifier !== null && validRange(specifier)) return { value: { specifier, from }, remarks: [] }
  return {
    value: null,
    remarks: [`${from}: ${quotedText(written)} cannot be read as a PEP 440 specifier and is not used`],
  }
}
