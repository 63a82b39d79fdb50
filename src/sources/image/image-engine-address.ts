import { access, readFile } from 'node:fs/promises'
import type { Agent } from 'node:http'
import { homedir, platform } from 'node:os'
import { join } from 'node:path'
import type Docker from 'dockerode'
import type { Environment } from '../../model/environment.ts'
import { VerifierError } from '../../model/errors.ts'
import { quoted } from '../../model/quoted.ts'
import { type DockerContext, dockerContext } from './docker-context.ts'
import { sshAgent } from './ssh-agent.ts'

/** The types of the client do not know of what connects instead of it. */
type EngineOptions = Docker.DockerOptions & { readonly agent?: Agent }

/** Where the container engine listens. */
export interface EngineAddress {
  /** For a person. */
  readonly title: string
  readonly options: EngineOptions
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
 * Where `DOCKER_HOST` says, with `DOCKER_TLS_VERIFY` and `DOCKER_CERT_PATH`, else the docker context, as for the `docker`
 * command; else where `CONTAINER_HOST` says, as for podman; else where engines listen on this system, Podman's last.
 *
 * @throws VerifierError when what is named is no address, or a certificate cannot be read.
 */
export async function engineAddress(environment: Environment): Promise<EngineAddress> {
  if (environment.DOCKER_HOST) return addressOf(environment.DOCKER_HOST, 'DOCKER_HOST', environment)
  const context = await dockerContext(environment)
  if (context !== null)
    return addressOf(context.host, `the docker context ${quoted(context.name)}`, environment, context)
  if (environment.CONTAINER_HOST) return addressOf(environment.CONTAINER_HOST, 'CONTAINER_HOST', environment)
  return addressOf(await defaultHost(environment), 'the default', environment)
}

async function addressOf(
  title: string,
  source: string,
  environment: Environment,
  context: DockerContext | null = null,
): Promise<EngineAddress> {
  const socket = /^(?:unix|npipe):\/\/(.+)$/.exec(title)?.[1]
  if (socket !== undefined) return { title, options: { ...nowhere, protocol: 'http', socketPath: socket } }
  const url = title.includes('://') ? title : `tcp://${title}`
  if (!/^(?:https?|ssh|tcp):\/\/[^/]/.test(url) || !URL.canParse(url)) {
    throw new VerifierError('bad-usage', `${source} is ${quoted(title)}, which is no address of a container engine`)
  }
  const tls = context === null ? tlsOf(environment) : await tlsOfContext(context)
  return { title, options: { ...nowhere, ...(await remoteOptions(new URL(url), environment, tls)) } }
}

/** Whether TLS is asked for, and where the certificates for it are. */
interface Tls {
  readonly isAsked: boolean
  readonly certificates: string | null
}

function tlsOf({ DOCKER_TLS_VERIFY: verify, DOCKER_CERT_PATH: certificates }: Environment): Tls {
  return { isAsked: Boolean(verify), certificates: certificates || null }
}

/** One that keeps certificates is to be used with them. */
async function tlsOfContext({ certificates }: DockerContext): Promise<Tls> {
  const isThere = await exists(certificates)
  return { isAsked: isThere, certificates: isThere ? certificates : null }
}

async function remoteOptions(url: URL, environment: Environment, tls: Tls): Promise<EngineOptions> {
  const { protocol, hostname: host, port, username } = url
  if (protocol === 'ssh:') {
    const agent = environment.SSH_AUTH_SOCK
    const place = { host, port: port || 22, username, ...(agent === undefined ? {} : { agent }) }
    return { protocol: 'http', host, agent: sshAgent(place) }
  }
  const isSecure = protocol === 'https:' || port === '2376' || tls.isAsked
  if (!isSecure) return { protocol: 'http', host, port: port || 2375 }
  return { protocol: 'https', host, port: port || 2376, ...(await certificates(tls.certificates)) }
}

async function certificates(folder: string | null): Promise<Docker.DockerOptions> {
  if (folder === null) return {}
  try {
    const [ca, cert, key] = await Promise.all(['ca', 'cert', 'key'].map(name => readFile(join(folder, `${name}.pem`))))
    return { ca, cert, key }
  } catch (cause) {
    throw new VerifierError(
      'engine-failed',
      `cannot read the certificates for the container engine: ${(cause as Error).message}`,
      { cause },
    )
  }
}

/**
 * Docker Desktop listens in the user's folder, where it is not allowed to elsewhere; Podman for a user or for the system,
 * where somebody asked it to.
 */
async function defaultHost({ XDG_RUNTIME_DIR: runtime }: Environment): Promise<string> {
  if (platform() === 'win32') return 'npipe:////./pipe/docker_engine'
  const docker = '/var/run/docker.sock'
  const places = [
    join(homedir(), '.docker', 'run', 'docker.sock'),
    docker,
    ...(runtime ? [join(runtime, 'podman', 'podman.sock')] : []),
    '/run/podman/podman.sock',
  ]
  const found = await Promise.all(places.map(exists))
  return `unix://${places[found.indexOf(true)] ?? docker}`
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
