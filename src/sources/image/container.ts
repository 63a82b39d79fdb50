import { randomUUID } from 'node:crypto'
import type Docker from 'dockerode'

/** An image, and how each container of it is made. */
export interface ContainerImage {
  readonly id: string
  /** For a container that runs these words and may do nothing else. */
  readonly options: (words: readonly string[]) => Docker.ContainerCreateOptions
}

/** Nobody, by the custom of Linux: who programs run as where an image names no user, which would mean root. */
const nobody = '65534:65534'

/** Bytes of memory, without swap; as much as an embedded interpreter may take. */
const memory = 2 * 1024 ** 3

/** Seconds of computing, for one process: more than thousands of files need, and an end to what runs in circles. */
const computing = 3600

/** Of containers made here. */
const label = 'firstbreak'

/** Seconds after which a container is no run's any more. */
const longestLife = 2 * computing

export function containerImage({ Id, Config }: Docker.ImageInspectInfo): ContainerImage {
  const user = Config?.User
  // An image may ask for folders that can be written to, which would be made on the engine's disk: they are covered.
  const covers = Object.keys(Config?.Volumes ?? {}).map(Target => ({
    Type: 'tmpfs' as const,
    Source: '',
    Target,
    ReadOnly: true,
    TmpfsOptions: { SizeBytes: 4096, Mode: 0o555 },
  }))
  const options = ([program = '', ...args]: readonly string[]): Docker.ContainerCreateOptions => ({
    name: `firstbreak-${randomUUID()}`,
    Image: Id,
    Labels: { [label]: '1' },
    Entrypoint: [program],
    Cmd: [...args],
    WorkingDir: '/',
    User: user === undefined || /^(?:|root|0)(?::|$)/.test(user) ? nobody : user,
    Healthcheck: { Test: ['NONE'] },
    OpenStdin: true,
    StdinOnce: true, // its stdin ends with us, however we end
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: false,
    NetworkDisabled: true,
    HostConfig: {
      AutoRemove: true,
      NetworkMode: 'none',
      IpcMode: 'none',
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      Memory: memory,
      MemorySwap: memory,
      PidsLimit: 16,
      Ulimits: [
        { Name: 'core', Soft: 0, Hard: 0 },
        { Name: 'cpu', Soft: computing, Hard: computing },
      ],
      LogConfig: { Type: 'none', Config: {} },
      Mounts: covers,
    },
  })
  return { id: Id, options }
}

/** A container of the image that is never started, gone when it is disposed of. */
export async function idleContainer(
  docker: Docker,
  image: ContainerImage,
): Promise<AsyncDisposable & { readonly container: Docker.Container }> {
  const options = image.options(['/none'])
  // By its name, which is known also where the engine's answer is not.
  const container = docker.getContainer(options.name!)
  const remove = () => removeContainer(container)
  try {
    await docker.createContainer(options)
  } catch (error) {
    await remove()
    throw error
  }
  return { container, [Symbol.asyncDispose]: remove }
}

/** Ends it and removes it with its volumes; resolves when it is gone, also where it was before. */
export async function removeContainer(container: Docker.Container): Promise<void> {
  try {
    await container.remove({ force: true, v: true })
  } catch (error) {
    const { statusCode } = error as { readonly statusCode?: number }
    // 409: the engine is removing it by itself, as it does with those that end.
    if (statusCode === 409) await container.wait({ condition: 'removed' }).catch(() => undefined)
    // 404: it is gone. An engine that does not answer removes nothing, and will be asked again by the next run.
  }
}

/** Removes what runs that were killed have left behind, where the program did not end with its stdin. */
export async function removeLeftovers(docker: Docker): Promise<void> {
  const filters = { label: [`${label}=1`] }
  const found = await docker.listContainers({ all: true, filters }).catch(() => []) // it costs this run nothing
  const old = found.filter(({ Created }) => Date.now() / 1000 - Created > longestLife)
  await Promise.all(old.map(({ Id }) => removeContainer(docker.getContainer(Id))))
}
