import { basename, dirname } from 'node:path'
import { VerifierError } from '../../model/errors.ts'
import type { DeclaredVersion } from '../../model/interpreter.ts'
import type { UploadCommand } from '../../model/upload.ts'
import { type GcloudArguments, gcloudArguments } from './gcloud-arguments.ts'

/** What a command of gcloud sends or deploys. Paths are as from the current directory, as given. */
export interface Deployment {
  /** For a person: `gcloud run deploy`. */
  readonly command: string
  /** A directory, an archive or an object in Cloud Storage; null where an image is deployed. */
  readonly source: string | null
  readonly uploadAs: UploadCommand
  readonly ignoreFile: string | null
  /** Deployed as they are. */
  readonly images: readonly string[]
  /** Those that other containers run beside what is built of the source. */
  readonly beside: readonly string[]
  /** The build's description. */
  readonly config: string | null
  readonly dockerfile: string | null
  /** The Python that the command itself asks for. */
  readonly python: DeclaredVersion | null
  /** A file of the build's variables, which may ask for one as well. */
  readonly variables: string | null
}

/**
 * What a command line sends, where it is one of gcloud that is known; null for any other.
 *
 * @throws VerifierError when gcloud is known to be asked, and what it sends cannot be told: nothing may then pass for verified.
 */
export function deploymentOf([program = '', ...args]: readonly string[]): Deployment | null {
  if (!/^gcloud(?:\.cmd|\.ps1|\.exe)?$/i.test(basename(program.replaceAll('\\', '/')))) return null
  const given = gcloudArguments(args, Object.keys(readers))
  if (given === null) return null
  if (given.options.has('flags-file')) {
    throw untold(given, '--flags-file may say anything: put its flags on the command line')
  }
  return readers[given.command]!(given)
}

const readers: Readonly<Record<string, (given: GcloudArguments) => Deployment>> = {
  'builds submit': buildsSubmit,
  'run deploy': runDeploy,
  'run jobs deploy': runDeploy,
  'run worker-pools deploy': runDeploy,
  'functions deploy': functionsDeploy,
  'app deploy': appDeploy,
}

/** @see https://cloud.google.com/sdk/gcloud/reference/builds/submit */
function buildsSubmit(given: GcloudArguments): Deployment {
  const { positionals, options } = given
  if (options.has('no-source')) throw untold(given, '--no-source sends nothing; there is nothing to verify')
  if (options.has('git-source-revision') || options.has('revision'))
    throw untold(given, 'the build fetches its source itself; verify that commit with firstbreak --rev')
  const tag = last(given, 'tag') ?? last(given, 't')
  const isPlain = tag === null && !options.has('pack')
  return {
    ...common(given),
    source: positionals[0] ?? '.',
    uploadAs: 'builds-submit',
    ignoreFile: last(given, 'ignore-file'),
    config: isPlain ? (last(given, 'config') ?? 'cloudbuild.yaml') : null,
  }
}

/** @see https://cloud.google.com/sdk/gcloud/reference/run/deploy */
function runDeploy(given: GcloudArguments): Deployment {
  const source = last(given, 'source')
  const images = given.options.get('image') ?? []
  if (source === null && images.length === 0)
    throw untold(given, 'it would ask for what to deploy: give it --source or --image')
  if (given.options.has('no-build'))
    throw untold(given, '--no-build deploys without a build, whose rules are not known here')
  if (source === null) return { ...common(given), source, uploadAs: 'run-deploy', images }
  // With a source, --image is where the build puts what it makes.
  const others = given.containers.filter(container => !container.has('source'))
  const beside = others.flatMap(container => container.get('image') ?? [])
  return { ...common(given), source, uploadAs: 'run-deploy', beside }
}

/** @see https://cloud.google.com/sdk/gcloud/reference/functions/deploy */
function functionsDeploy(given: GcloudArguments): Deployment {
  return {
    ...common(given),
    source: last(given, 'source') ?? '.',
    uploadAs: 'functions-deploy',
    ignoreFile: last(given, 'ignore-file'),
  }
}

/** What goes up is the folder of the service's app.yaml. @see https://cloud.google.com/sdk/gcloud/reference/app/deploy */
function appDeploy(given: GcloudArguments): Deployment {
  const image = last(given, 'image-url')
  const descriptions = given.positionals.length === 0 ? ['app.yaml'] : given.positionals
  const [folder = '.', ...others] = [
    ...new Set(descriptions.map(each => (/\.ya?ml$/.test(each) ? dirname(each) : each))),
  ]
  if (others.length > 0) throw untold(given, 'it deploys several folders: gate them one by one')
  return {
    ...common(given),
    source: image === null ? folder : null,
    images: image === null ? [] : [image],
    uploadAs: 'app-deploy',
    ignoreFile: last(given, 'ignore-file'),
  }
}

function common(given: GcloudArguments): Omit<Deployment, 'source' | 'uploadAs'> {
  return {
    command: `gcloud ${given.command}`,
    ignoreFile: null,
    images: [],
    beside: [],
    config: null,
    dockerfile: last(given, 'dockerfile'),
    python: pythonOf(given),
    variables: last(given, 'build-env-vars-file'),
  }
}

/** What it is built on or runs, as `python312`, or as a build's variable has it. */
function pythonOf(given: GcloudArguments): DeclaredVersion | null {
  for (const option of ['runtime', 'base-image']) {
    const [, major, minor] = /(?:^|\/)python(\d)(\d+)(?:$|[:@])/.exec(last(given, option) ?? '') ?? []
    if (major !== undefined) return { version: `${major}.${minor}`, from: `gcloud ${given.command} --${option}` }
  }
  for (const option of ['set-build-env-vars', 'update-build-env-vars', 'pack']) {
    for (const pair of listed(last(given, option) ?? '')) {
      const [, version] = /^(?:env=)?GOOGLE_(?:PYTHON|RUNTIME)_VERSION=(\d+\.\d+(?:\.\d+)?)/.exec(pair) ?? []
      if (version !== undefined) return { version, from: `gcloud ${given.command} --${option}` }
    }
  }
  return null
}

/** Split at commas, or at what stands between carets before it. @see https://cloud.google.com/sdk/gcloud/reference/topic/escaping */
function listed(value: string): readonly string[] {
  const [, delimiter = ',', rest = value] = /^\^([^^]+)\^(.*)$/s.exec(value) ?? []
  return rest.split(delimiter)
}

function last({ options }: GcloudArguments, name: string): string | null {
  return options.get(name)?.at(-1) ?? null
}

function untold({ command }: GcloudArguments, reason: string): VerifierError {
  return new VerifierError('bad-usage', `gcloud ${command}: ${reason}`)
}
