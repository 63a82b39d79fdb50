import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { execa } from 'execa'
import type { Need } from './needs.ts'
import { temporaryFolder } from './temporary.ts'

export const needsPodman: Need = {
  name: 'podman, as root',
  present: process.getuid?.() === 0 && (await execa('podman', ['--version'], { reject: false })).exitCode === 0,
}

/** A Podman that keeps all in a folder of its own, and its socket. */
export interface Podman extends AsyncDisposable {
  /** For CONTAINER_HOST. */
  readonly address: string
  /** What `podman` prints. */
  run(args: readonly string[], input?: Uint8Array): Promise<string>
}

/** Podman with its service that speaks as Docker's engine does; both are gone when it is disposed of. */
export async function startPodman(): Promise<Podman> {
  const folder = await temporaryFolder()
  const at = (name: string) => join(folder.path, name)
  // Whatever the machine has set up: no overlay in a container, no systemd.
  const own = ['--root', at('root'), '--runroot', at('run'), '--storage-driver', 'vfs', '--cgroup-manager', 'cgroupfs']
  const service = spawn('podman', [...own, 'system', 'service', '--time', '0', `unix://${at('socket')}`], {
    stdio: 'ignore',
  })
  const ended = once(service, 'close')
  for (let tries = 0; !existsSync(at('socket')); tries++) {
    if (tries === 300 || service.exitCode !== null) throw new Error('podman system service made no socket')
    await setTimeout(100)
  }
  return {
    address: `unix://${at('socket')}`,
    async run(args, input) {
      const { stdout } = await execa('podman', [...own, ...args], input === undefined ? {} : { input })
      return stdout
    },
    async [Symbol.asyncDispose]() {
      service.kill()
      await ended
      await folder[Symbol.asyncDispose]()
    },
  }
}
