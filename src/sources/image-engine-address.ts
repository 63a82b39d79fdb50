import { access, readFile } from 'node:fs/promises'
import { homedir, platform } from 'node:os'
import { join } from 'node:path'
import type Docker from 'dockerode'
import type { Environment } from '../model/environment.ts'
import { VerifierError } from '../model/errors.ts'

/** Where the container engine listens. */
export interface EngineAddress {
  /** For a person. */
  readonly title: string
  readonly options: Docker.DockerOptions
}

/** Said in full, because dockerode takes what is not said from the environment of the process. */
const nowhere = {
  socketPath: undefined,
  host: undefined,
  port: undefined,
  ca: undefined,
  cert: undefined,
  key: undefined,
}

/**
 * Where `DOCKER_HOST` says, with `DOCKER_TLS_VERIFY` and `DOCKER_CERT_PATH` as for the `docker` command; without it, where
 * engines listen on this system.
 *
 * @throws VerifierError when `DOCKER_HOST` is no address, or a certificate cannot be read.
 */
export async function engineAddress(environment: Environment): Promise<EngineAddress> {
  const title = environment.DOCKER_HOST || (await defaultHost())
  const socket = /^(?:unix|npipe):\/\/(.+)$/.exec(title)?.[1]
  if (socket !== undefined) return { title, options: { ...nowhere, protocol: 'http', socketPath: socket } }
  const url = title.includes('://') ? title : `tcp://${title}`
  if (!/^(?:https?|ssh|tcp):\/\/[^/]/.test(url) || !URL.canParse(url)) {
    throw new VerifierError(
      'bad-usage',
      `DOCKER_HOST is ${JSON.stringify(title)}, which is no address of a container engine`,
    )
  }
  return { title, options: { ...nowhere, ...(await remoteOptions(new URL(url), environment)) } }
}

async function remoteOptions(url: URL, environment: Environment): Promise<Docker.DockerOptions> {
  const { protocol, hostname: host, port, username } = url
  if (protocol === 'ssh:') {
    const agent = environment.SSH_AUTH_SOCK
    return { protocol: 'ssh', host, port: port || 22, username, sshOptions: agent === undefined ? {} : { agent } }
  }
  const isSecure = protocol === 'https:' || port === '2376' || Boolean(environment.DOCKER_TLS_VERIFY)
  if (!isSecure) return { protocol: 'http', host, port: port || 2375 }
  return { protocol: 'https', host, port: port || 2376, ...(await certificates(environment.DOCKER_CERT_PATH)) }
}

async function certificates(folder: string | undefined): Promise<Docker.DockerOptions> {
  if (!folder) return {}
  try {
    const [ca, cert, key] = await Promise.all(['ca', 'cert', 'key'].map(name => readFile(join(folder, `${name}.pem`))))
    return { ca, cert, key }
  } catch (cause) {
    throw new VerifierError(
      'engine-failed',
      `cannot read the certificates in DOCKER_CERT_PATH: ${(cause as Error).message}`,
      { cause },
    )
  }
}

/** Docker Desktop listens in the user's folder, where it is not allowed to elsewhere. */
async function defaultHost(): Promise<string> {
  if (platform() === 'win32') return 'npipe:////./pipe/docker_engine'
  const own = join(homedir(), '.docker', 'run', 'docker.sock')
  const isThere = await access(own).then(
    () => true,
    () => false,
  )
  return `unix://${isThere ? own : '/var/run/docker.sock'}`
}
