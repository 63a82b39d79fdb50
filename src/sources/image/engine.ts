import type Docker from 'dockerode'
import type { Environment } from '../../model/environment.ts'
import { quoted } from '../../model/quoted.ts'
import { asFailure, engineFailure, failureOfImage } from '../failure.ts'
import { type EngineAddress, engineAddress } from './image-engine-address.ts'

/** A container engine that can be asked. */
export interface Engine {
  readonly docker: Docker
  readonly address: EngineAddress
}

/** What an engine is asked for, for messages. */
export interface Asked {
  /** As the user called it. */
  readonly subject: string
  /** `save`. */
  readonly verb: string
  /** What to say, and what to do, where it holds no such thing. */
  readonly absent: string
}

/**
 * The engine that `environment` names, as for the `docker` command. It is not asked anything yet.
 *
 * @throws VerifierError when what is named is no address of one.
 */
export async function connectEngine(environment: Environment): Promise<Engine> {
  const address = await engineAddress(environment)
  // Loaded here because it is slow to load, and most runs need no engine.
  const { default: Docker } = await import('dockerode')
  return { docker: new Docker(address.options), address }
}

/** @throws VerifierError when no engine answers, it holds no such thing, or it refuses. */
export async function ask<T>(
  { address }: Engine,
  { subject, verb, absent }: Asked,
  request: () => Promise<T>,
): Promise<T> {
  try {
    return await request()
  } catch (cause) {
    const { statusCode, message } = cause as Error & { readonly statusCode?: number }
    if (statusCode === undefined) {
      throw engineFailure(
        `no container engine answers at ${address.title} (${message}): start it, set DOCKER_HOST, or name a file made by docker save`,
        { cause },
      )
    }
    if (statusCode === 404) throw failureOfImage(subject)(absent, { cause })
    throw engineFailure(`the container engine does not ${verb} ${quoted(subject)}: ${message.trim()}`, { cause })
  }
}

/**
 * The bytes that an engine sends.
 *
 * @throws VerifierError as `ask`, and when it stops midway.
 */
export async function* sent(
  engine: Engine,
  asked: Asked,
  request: () => Promise<NodeJS.ReadableStream>,
): AsyncGenerator<Uint8Array> {
  const stream = await ask(engine, asked, request)
  try {
    for await (const chunk of stream) yield chunk as Buffer
  } catch (error) {
    const problem = `the container engine stopped while it sent ${quoted(asked.subject)}; try again`
    throw asFailure(error, engineFailure, problem)
  }
}
