import { Agent } from 'node:http'
import type { Duplex } from 'node:stream'

/** Where to log in. */
export interface SshPlace {
  readonly host: string
  readonly port: string | number
  readonly username: string
  /** The socket of the agent that holds the keys. */
  readonly agent?: string
}

type Done = (error: Error | null, stream?: Duplex) => void

/**
 * Connects to an engine as the `docker` command does for an address of ssh: each connection logs in for itself. Given to the
 * engine's client because the client, told of ssh, makes a URL that Node warns of and is to refuse.
 */
export function sshAgent(place: SshPlace): Agent {
  return Object.assign(new Agent(), {
    createConnection: (options: object, done: Done) => {
      connect(place, options, done).catch((error: Error) => done(error))
    },
  })
}

async function connect(place: SshPlace, options: object, done: Done): Promise<void> {
  // Loaded here because it is slow to load, and seldom needed. Its own agent is for a single connection.
  const { default: singleAgent } = await import('docker-modem/lib/ssh.js')
  singleAgent(place).createConnection(options, done)
}
