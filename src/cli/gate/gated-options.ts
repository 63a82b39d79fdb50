import { readFile, realpath, stat } from 'node:fs/promises'
import { relative, resolve, sep } from 'node:path'
import type { Command } from 'commander'
import { VerifierError } from '../../model/errors.ts'
import { quoted } from '../../model/quoted.ts'
import { openRepository, type Repository } from '../../sources/git/repository.ts'
import type { Io } from '../io.ts'
import { isStorageUrl, type VerifyOptions } from '../verify-options.ts'
import type { Deployment } from './deployment.ts'

type Gated = Partial<
  Record<
    'repo' | 'source' | 'upload' | 'uploadAs' | 'ignoreFile' | 'dockerfile' | 'buildConfig' | 'deployPython',
    string
  >
> & { readonly image?: readonly string[] }

/**
 * Has `command` verify what a deployment sends, as if its options had said so.
 *
 * @throws VerifierError when they say otherwise, or what is sent cannot be verified.
 */
export async function gateOptions(deployment: Deployment, command: Command, io: Io): Promise<void> {
  for (const [name, value] of Object.entries(await gatedOptions(deployment, command, io))) {
    if (value === undefined) continue
    assertAgrees(name, value, deployment, command)
    command.setOptionValueWithSource(name, value, 'cli')
  }
}

async function gatedOptions(deployment: Deployment, command: Command, io: Io): Promise<Gated> {
  const { source, images } = deployment
  const given = command.opts<VerifyOptions>()
  const python = given.deployPython === undefined ? await pythonAskedFor(deployment, io) : null
  const asked = python === null ? {} : { deployPython: python }
  if (source === null) {
    const upload = command.getOptionValueSource('upload') === 'cli' ? {} : { upload: 'none' }
    return { ...asked, ...upload, image: images.map(imageOption) }
  }
  if (/^(?:https?|git|ssh):\/\//.test(source))
    throw unverifiable(deployment, 'Google fetches it from where nobody looks here')
  if (isStorageUrl(source)) return { ...asked, upload: source }
  const place = resolve(io.cwd, source)
  const found = await stat(place).catch(() => null)
  if (found === null) throw unverifiable(deployment, `there is no ${quoted(source)} here`)
  if (found.isFile()) return { ...asked, upload: place }
  return { ...asked, ...(await directoryOptions(deployment, place, io)) }
}

/** The version that the command asks for, or its file of variables; null where neither does. */
async function pythonAskedFor(deployment: Deployment, { cwd }: Io): Promise<string | null> {
  const { python, variables } = deployment
  if (python !== null || variables === null) return python?.version ?? null
  const text = await readFile(resolve(cwd, variables), 'utf8').catch(() => null)
  if (text === null) throw unverifiable(deployment, `${quoted(variables)}, which may ask for a Python, cannot be read`)
  return /^\s*["']?GOOGLE_(?:PYTHON|RUNTIME)_VERSION["']?\s*:\s*["']?(\d+\.\d+(?:\.\d+)?)/m.exec(text)?.[1] ?? null
}

/** gcloud takes paths from where it is started, the options of verify take them from the repository. */
async function directoryOptions(deployment: Deployment, place: string, io: Io): Promise<Gated> {
  const { uploadAs, ignoreFile, config, dockerfile } = deployment
  if (isSwitchedOff(io.environment.CLOUDSDK_GCLOUDIGNORE_ENABLED)) {
    throw unverifiable(deployment, 'CLOUDSDK_GCLOUDIGNORE_ENABLED has it send everything; unset it')
  }
  const repository = await openRepository(place)
  const described = config === null ? null : await stat(resolve(io.cwd, config)).catch(() => null)
  const inRepository = (path: string, what: string) => pathIn(repository, path, deployment, what)
  const source = await inRepository(place, 'what it sends')
  return {
    repo: repository.directory,
    source,
    upload: 'auto',
    uploadAs,
    ...(ignoreFile === null ? {} : { ignoreFile }),
    ...(described === null ? {} : { buildConfig: await inRepository(resolve(io.cwd, config!), '--config') }),
    ...(dockerfile === null ? {} : { dockerfile: await inRepository(resolve(place, dockerfile), '--dockerfile') }),
  }
}

async function pathIn({ directory }: Repository, path: string, deployment: Deployment, what: string): Promise<string> {
  const top = await realpath(directory)
  const real = await realpath(path).catch(() => path)
  const inside = relative(top, real).replaceAll(sep, '/')
  if (!/^\.\.(?:\/|$)|^[A-Za-z]:/.test(inside)) return inside
  throw unverifiable(deployment, `${what}, ${quoted(path)}, lies outside of the repository ${quoted(directory)}`)
}

/** As gcloud reads its properties. */
function isSwitchedOff(property: string | undefined): boolean {
  return /^(?:false|0|no|off|n|f|disabled?)$/i.test(property ?? '')
}

/** The images of several containers are told apart. */
function imageOption(image: string, index: number): string {
  return index === 0 ? `image=${image}` : `image-${index + 1}=${image}`
}

function assertAgrees(name: string, value: string | readonly string[], { command }: Deployment, given: Command): void {
  const own = given.getOptionValueSource(name) === 'cli' ? (given.getOptionValue(name) as unknown) : undefined
  if (own === undefined || String(own) === String(value)) return
  const option = `--${name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`
  throw new VerifierError(
    'bad-usage',
    `${option} ${quoted(String(own))}: ${command} says ${quoted(String(value) || '.')}, and what is sent is what is verified; drop the option`,
  )
}

function unverifiable({ command }: Deployment, reason: string): VerifierError {
  return new VerifierError('bad-usage', `what ${command} sends cannot be verified: ${reason}`)
}
