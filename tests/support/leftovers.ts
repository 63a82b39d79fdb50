import { setTimeout } from 'node:timers/promises'
import type Docker from 'dockerode'

/** The containers that are there of these images, running or not. */
export async function containersOf(docker: Docker, ...references: readonly string[]): Promise<readonly string[]> {
  const found = await docker.listContainers({ all: true, filters: { ancestor: [...references] } })
  return found.map(({ Names, State }) => `${Names.join(' ')} ${State}`)
}

/** Resolves when there is a container of the image that runs; a test that waits in vain runs out of time. */
export async function untilRunning(docker: Docker, reference: string): Promise<void> {
  while (!(await containersOf(docker, reference)).some(each => each.endsWith('running'))) await setTimeout(50)
}

/** Resolves when no container of the image is there; the test runs out of time when one stays. */
export async function untilNone(docker: Docker, reference: string): Promise<void> {
  while ((await containersOf(docker, reference)).length > 0) await setTimeout(100)
}
