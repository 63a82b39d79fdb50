import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Environment } from '../../model/environment.ts'
import { VerifierError } from '../../model/errors.ts'
import { quoted } from '../../model/quoted.ts'
import { fieldsOf, textOf } from './image-documents.ts'

/** A place to reach an engine at, as `docker context` keeps it. */
export interface DockerContext {
  readonly name: string
  /** `unix:///…`, `tcp://…`. */
  readonly host: string
  /** Where its `ca.pem`, `cert.pem` and `key.pem` are, as far as it has any. */
  readonly certificates: string
}

/**
 * The context that `DOCKER_CONTEXT` names, else the one that `docker context use` chose; null where that is the default.
 *
 * @throws VerifierError when it is not there, cannot be read, or tells no place.
 */
export async function dockerContext(environment: Environment): Promise<DockerContext | null> {
  const folder = environment.DOCKER_CONFIG || join(homedir(), '.docker')
  const name = environment.DOCKER_CONTEXT || (await currentContext(join(folder, 'config.json')))
  if (name === null || name === 'default') return null
  const key = createHash('sha256').update(name).digest('hex')
  const meta = await readJson(join(folder, 'contexts', 'meta', key, 'meta.json'), name)
  const endpoint = fieldsOf(fieldsOf(fieldsOf(meta).Endpoints).docker)
  const host = textOf(endpoint.Host)
  if (!host) throw failure(name, 'it tells no Host')
  if (endpoint.SkipTLSVerify === true) throw failure(name, 'it asks for TLS that is not verified, which is not done')
  return { name, host, certificates: join(folder, 'contexts', 'tls', key, 'docker') }
}

/** Null where nothing is chosen; what cannot be read has chosen nothing, as for the docker command. */
async function currentContext(file: string): Promise<string | null> {
  const text = await readFile(file, 'utf8').catch(() => '{}')
  try {
    return textOf(fieldsOf(JSON.parse(text)).currentContext) || null
  } catch {
    return null
  }
}

async function readJson(file: string, name: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch (cause) {
    const isAbsent = (cause as NodeJS.ErrnoException).code === 'ENOENT'
    throw failure(name, isAbsent ? 'there is none of that name' : (cause as Error).message, { cause })
  }
}

function failure(name: string, problem: string, options?: ErrorOptions): VerifierError {
  return new VerifierError(
    'engine-failed',
    `cannot use the docker context ${quoted(name)}: ${problem}; see docker context ls, or set DOCKER_HOST`,
    options,
  )
}
