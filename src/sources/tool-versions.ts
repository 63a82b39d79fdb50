import { dirname } from 'node:path'
import { execa } from 'execa'
import type { Environment } from '../model/environment.ts'
import type { Machine, Tool } from '../model/machine.ts'
import { type EngineAddress, engineAddress } from './image/image-engine-address.ts'

/** Milliseconds that a program has to say its version; gcloud is a Python program of some size. */
const programLimit = 20_000

/** Milliseconds that the container engine has. */
const engineLimit = 5_000

/** Of the git that reads repositories. */
export async function gitVersion(): Promise<Tool> {
  return versionOf(await execa('git', ['--version'], toolOptions), /^git version (\S+)/)
}

/** Of the program at this path, as `gcloud --version` says it. */
export async function gcloudVersion(program: string): Promise<Tool> {
  // Not in the current folder, where Windows would look first for the Python that gcloud starts.
  const options = { ...toolOptions, cwd: dirname(program) }
  return versionOf(await execa(program, ['--version'], options), /^Google Cloud SDK (\S+)/m)
}

const toolOptions = { timeout: programLimit, maxBuffer: 1 << 16, reject: false, stdin: 'ignore' } as const

function versionOf(
  { stdout, failed, code }: { readonly stdout: string; readonly failed: boolean; readonly code?: string | undefined },
  said: RegExp,
): Tool {
  const version = failed ? undefined : said.exec(stdout)?.[1]
  if (version !== undefined) return { version }
  return { absent: code === 'ENOENT' ? 'not on PATH' : 'it does not say its version' }
}

/** Of the container engine that images are read from, and where it was asked; it has `timeLimit` milliseconds. */
export async function containerEngine(
  environment: Environment,
  timeLimit = engineLimit,
): Promise<Machine['containerEngine']> {
  try {
    const address = await engineAddress(environment)
    return { address: address.title, ...(await engineVersion(address, timeLimit)) }
  } catch (error) {
    return { address: null, absent: (error as Error).message }
  }
}

async function engineVersion({ options }: EngineAddress, timeLimit: number): Promise<Tool> {
  // Loaded here because it is slow to load.
  const { default: Docker } = await import('dockerode')
  // Its types do not know of options.
  const docker: { version(options: { abortSignal: AbortSignal }): Promise<{ Version?: unknown }> } = new Docker(options)
  const abortSignal = AbortSignal.timeout(timeLimit)
  try {
    const { Version } = await docker.version({ abortSignal })
    return typeof Version === 'string' ? { version: Version } : { absent: 'what answers there is no container engine' }
  } catch (error) {
    const reason = abortSignal.aborted ? `within ${timeLimit / 1000} s` : `(${(error as Error).message.trim()})`
    return { absent: `no answer ${reason}` }
  }
}
