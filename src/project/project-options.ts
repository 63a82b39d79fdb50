import { VerifierError } from '../model/errors.ts'
import type { Path } from '../model/path.ts'
import { filesUpwards, quotedText, type ReadFile } from './project-file.ts'
import { parseToml, placeOf, type Table, type TomlFile, tableOf } from './toml-file.ts'

const strings = 'a string or an array of strings'

/** The long options of the command line that a project may set, and what stands for each in TOML. */
const kinds = {
  rev: 'a string',
  source: 'a string',
  upload: 'a string',
  'upload-as': 'a string',
  build: 'a string',
  'ignore-file': 'a string',
  image: strings,
  platform: 'a string',
  layers: 'true or false',
  'run-image': 'a string',
  dockerfile: 'a string',
  'build-config': 'a string',
  python: strings,
  'deploy-python': 'a string',
  'dev-python': 'a string',
  interpreters: 'a string',
  map: strings,
  exclude: strings,
  dependencies: 'true or false',
  format: strings,
  'no-cache': 'true or false',
  'cache-dir': 'a string',
  jobs: 'a whole number',
  quiet: 'true or false',
  verbose: 'true or false',
  'no-color': 'true or false',
  'fail-on': 'a string',
  range: 'a string',
  'on-undecided': 'a string',
} as const

type Kind = (typeof kinds)[keyof typeof kinds]

interface KindTypes {
  'a string': string
  [strings]: readonly string[]
  'true or false': boolean
  'a whole number': number
}

/** `[tool.firstbreak]`: the options it sets, under their long names without the dashes. */
export type ProjectOptions = { readonly [Name in keyof typeof kinds]?: KindTypes[(typeof kinds)[Name]] }

const table = ['tool', 'firstbreak']

/**
 * The `[tool.firstbreak]` table of the nearest pyproject.toml that has one, in `directory` or above it. Where strings are
 * asked for, a single one counts as a list of one.
 *
 * @throws VerifierError when a file cannot be read, an option is not known or has a value of another type.
 */
export async function projectOptions(read: ReadFile, directory: Path): Promise<ProjectOptions> {
  for await (const file of filesUpwards(read, directory, 'pyproject.toml')) {
    const pyproject = parseToml(file)
    const settings = tableOf(pyproject, table)
    if (settings !== null) return optionsOf(settings, pyproject)
  }
  return {}
}

function optionsOf(settings: Table, pyproject: TomlFile): ProjectOptions {
  const options: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(settings)) {
    const place = `${placeOf(pyproject, table, name)}: [${table.join('.')}]`
    if (!isOption(name)) {
      const known = Object.keys(kinds).join(', ')
      throw new VerifierError('bad-usage', `${place} has no option ${quotedText(name)}; it knows ${known}`)
    }
    const option = kinds[name] === strings && typeof value === 'string' ? [value] : value
    if (!hasKind[kinds[name]](option)) throw new VerifierError('bad-usage', `${place} ${name} must be ${kinds[name]}`)
    options[name] = option
  }
  return options
}

function isOption(name: string): name is keyof typeof kinds {
  return Object.hasOwn(kinds, name)
}

const hasKind: Record<Kind, (value: unknown) => boolean> = {
  'a string': value => typeof value === 'string',
  [strings]: value => Array.isArray(value) && value.every(item => typeof item === 'string'),
  'true or false': value => typeof value === 'boolean',
  'a whole number': value => Number.isInteger(value),
}
