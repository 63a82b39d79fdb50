import { baseName, joinPath, type Path, parentPath, parsePath } from '../model/path.ts'
import { expandArguments } from './build-arguments.ts'
import type { BuildVariable } from './build-variables.ts'
import type { ProjectFile } from './project-file.ts'
import type { ProjectPlace } from './project-place.ts'
import { entriesOf, itemsOf, parseYaml, under, wordOf, type YamlValue } from './yaml-file.ts'

/** What cloudbuild.yaml says of how the image is made. */
export interface CloudBuild {
  /** Of buildpacks, in the order of the file. */
  readonly variables: readonly BuildVariable[]
  readonly dockerBuilds: readonly DockerBuild[]
  /** Whether a step gives the source to Google's buildpacks. */
  readonly usesBuildpacks: boolean
}

/** One `docker build`. */
export interface DockerBuild {
  /** The Dockerfile it names; null when it takes the one of its context. */
  readonly dockerfile: Path | null
  /** `--build-arg`; null where only the build knows the value. */
  readonly arguments: ReadonlyMap<string, string | null>
  /** `--target`. */
  readonly target: string | null
  /** The directory that is sent to the build; null when the step names none that can be told. */
  readonly context: Path | null
  /** Of the step. */
  readonly from: string
}

interface Step {
  /** The image that it runs. */
  readonly name: string
  readonly directory: string
  /** The first two arguments: what is done, where the image is a tool of several commands. */
  readonly verbs: readonly string[]
  /** The last argument: of a build, what it is given to build. */
  readonly last: string
  readonly from: string
  readonly options: readonly Option[]
}

/** An option and its value, however the two are written. */
interface Option {
  readonly name: string
  /** With the default values of substitutions put in; what only the build knows is left as it is written. */
  readonly value: string
  readonly from: string
}

/** Characters. What is longer is a script, and takes long to expand. */
const longestText = 256

/**
 * Reads the steps of a build: options that stand in lists of arguments, and `env`. Scripts within arguments are not read.
 *
 * @param workspace the directory in which steps run.
 * @throws VerifierError when the file is no YAML.
 * @see https://cloud.google.com/build/docs/build-config-file-schema
 */
export function cloudBuild(file: ProjectFile, workspace: Path = parentPath(file.path)): CloudBuild {
  const root = parseYaml(file)
  const substitutions = defaultsOf(under(root, 'substitutions'))
  const stepValues = itemsOf(under(root, 'steps'))
  const steps = stepValues.map(step => readStep(step, substitutions))
  const environments = [under(root, 'options'), ...stepValues].flatMap(each => words(under(each, 'env'), substitutions))
  return {
    variables: [...environments, ...steps.flatMap(packVariables)].flatMap(assignment),
    dockerBuilds: steps.filter(isDockerBuild).map(step => dockerBuild(step, workspace)),
    usesBuildpacks: steps.some(isPackBuild),
  }
}

/** Where the build of a project is described. */
export function buildConfigOf({ source, buildConfig }: ProjectPlace): Path {
  return buildConfig ?? joinPath(source, 'cloudbuild.yaml')
}

/** The Dockerfile that was asked for, or that the only `docker build` of the build names, or the one of the source. */
export function dockerfileOf({ source, dockerfile }: ProjectPlace, build: CloudBuild | null): Path {
  const [only, ...others] = build?.dockerBuilds ?? []
  const described = others.length === 0 ? (only?.dockerfile ?? null) : null
  return dockerfile ?? described ?? joinPath(source, 'Dockerfile')
}

/** The build of a Dockerfile: the one that names it, or the only one there is, where that takes a `Dockerfile`. */
export function buildOf({ dockerBuilds }: CloudBuild, dockerfile: Path): DockerBuild | null {
  const naming = dockerBuilds.filter(build => build.dockerfile === dockerfile)
  const [only, ...others] = naming.length > 0 ? naming : dockerBuilds
  if (only === undefined || others.length > 0) return null
  const isItsOwn = only.dockerfile === null && baseName(dockerfile) === 'Dockerfile'
  return naming.length > 0 || isItsOwn ? only : null
}

/** The values of substitutions that are plain text, as only the build knows the others. */
function defaultsOf(substitutions: YamlValue | null): ReadonlyMap<string, string> {
  const values = entriesOf(substitutions).map(([name, value]) => [name, wordOf(value)?.text ?? ''] as const)
  return new Map(values.filter(([, text]) => !text.includes('$') && text.length <= longestText))
}

function words(value: YamlValue | null, substitutions: ReadonlyMap<string, string>) {
  return itemsOf(value).flatMap(item => {
    const word = wordOf(item)
    if (word === null || word.text.length > longestText) return []
    return [{ text: expandArguments(word.text, substitutions) ?? word.text, from: word.from }]
  })
}

function readStep(step: YamlValue, substitutions: ReadonlyMap<string, string>): Step {
  const args = words(under(step, 'args'), substitutions)
  const options: Option[] = []
  for (const [at, { text, from }] of args.entries()) {
    const [, name, value] = /^(-[\w-]+)(?:=(.*))?$/s.exec(text) ?? []
    if (name !== undefined) options.push({ name, value: value ?? args[at + 1]?.text ?? '', from })
  }
  return {
    name: wordOf(under(step, 'name'))?.text ?? '',
    directory: wordOf(under(step, 'dir'))?.text ?? '',
    verbs: args.map(({ text }) => text).slice(0, 2),
    last: args.at(-1)?.text ?? '',
    from: step.placeOf(step.node),
    options,
  }
}

/** Of `gcloud run deploy`, `gcloud builds submit --pack` and `pack build`. */
function packVariables({ name, options }: Step): { text: string; from: string }[] {
  return options.flatMap(option => {
    const list = option.value.split(',').map(text => ({ text, from: option.from }))
    switch (option.name) {
      case '--set-build-env-vars':
      case '--update-build-env-vars':
        return list
      case '--pack':
        return list.map(({ text, from }) => ({ text: text.replace(/^env=/, ''), from }))
      case '--env':
      case '-e':
        // To `docker run` it says nothing of the build.
        return isDocker(name) ? [] : [{ text: option.value, from: option.from }]
      default:
        return []
    }
  })
}

function assignment({ text, from }: { text: string; from: string }): BuildVariable[] {
  const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(text) ?? []
  return name === undefined ? [] : [{ name, value: { text: value, from } }]
}

function isDocker(name: string): boolean {
  return /(?:^|\/)docker(?:[:@]|$)/.test(name)
}

function isDockerBuild({ name, verbs }: Step): boolean {
  if (/(?:^|\/)(?:kaniko-project\/executor|kaniko)(?:[:@]|$)/.test(name)) return true
  return isDocker(name) && (verbs[0] === 'build' || (verbs[0] === 'buildx' && verbs[1] === 'build'))
}

/** `pack build`, `gcloud builds submit --pack` and `gcloud run deploy --source`, with Google's builder. */
function isPackBuild({ name, verbs, options }: Step): boolean {
  const has = (option: string) => options.some(each => each.name === option)
  const isPack = /(?:^|\/)pack(?:[:@]|$)/.test(name) && verbs.includes('build')
  if (!isPack && !has('--pack') && !(verbs.includes('run') && has('--source'))) return false
  const builders = options.flatMap(({ name: option, value }) =>
    option === '--builder' || option === '-B'
      ? [value]
      : option === '--pack'
        ? (/(?:^|,)builder=([^,]*)/.exec(value)?.[1] ?? [])
        : [],
  )
  return builders.every(builder => /^gcr\.io\/(?:buildpacks|gae-runtimes)\//.test(builder))
}

function dockerBuild({ options, directory, last, from }: Step, workspace: Path): DockerBuild {
  const given = (...names: string[]) => options.findLast(({ name }) => names.includes(name))?.value ?? null
  const named = given('-f', '--file', '--dockerfile')
  const folder = joinPath(workspace, parsePath(directory) ?? '')
  const context = /^-|[$:]/.test(last) ? null : parsePath(last)
  const assigned = options
    .filter(({ name }) => name === '--build-arg')
    .flatMap(({ value, from }) => assignment({ text: value, from }))
  return {
    dockerfile: named === null ? null : joinPath(folder, parsePath(named) ?? named),
    arguments: new Map(assigned.map(({ name, value }) => [name, known(value.text)])),
    target: given('--target'),
    context: context === null ? null : joinPath(folder, context),
    from,
  }
}

function known(value: unknown): string | null {
  return typeof value === 'string' && !value.includes('$') ? value : null
}
