declare module 'docker-modem/lib/ssh.js' {
  import type { Duplex } from 'node:stream'

  /** An agent for one connection. */
  function ssh(place: object): {
    createConnection(options: object, done: (error: Error | null, stream?: Duplex) => void): void
  }
  export = ssh
}
