import { randomUUID } from 'node:crypto'
import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import Docker from 'dockerode'
import { execa } from 'execa'
import { Slots } from '../../src/interpreters/slots.ts'
import { importDebian, importPython } from './base-image.ts'
import { exportedFiles } from './exported-files.ts'
import type { Need } from './needs.ts'
import { type Files, writeFiles } from './repository.ts'
import { temporaryFolder } from './temporary.ts'

/** That tests need an engine that holds and runs images, and the command that goes with it. */
export const needsEngine: Need = {
  name: 'the docker command and a container engine (DOCKER_HOST), on Linux',
  present:
    Boolean(process.env.DOCKER_HOST) &&
    process.platform === 'linux' &&
    (await execa('docker', ['version'], { reject: false })).exitCode === 0,
}

/** A docker command of a release that has BuildKit in itself (up to 22), or its component buildx; others cannot ask for BuildKit. */
const buildKitCommand = await firstWithBuildKit(['docker', '/usr/bin/docker'])

export const needsBuildKit: Need = {
  name: 'a docker command that can ask for BuildKit',
  present: buildKitCommand !== undefined,
}

async function firstWithBuildKit(commands: readonly string[]): Promise<string | undefined> {
  for (const command of commands) {
    const { stdout } = await execa(command, ['--version'], { reject: false })
    const [, major = '99'] = /version (\d+)\./.exec(String(stdout)) ?? []
    if (Number(major) < 23) return command
    if ((await execa(command, ['buildx', 'version'], { reject: false })).exitCode === 0) return command
  }
  return undefined
}

/** The older builder, which every engine has, or BuildKit. */
export type Builder = 'legacy' | 'buildkit'

export interface BuildOptions {
  readonly builder?: Builder
  /** Of `docker build`. */
  readonly options?: readonly string[]
}

/** An image of its own name, removed when it goes out of scope. */
export interface BuiltImage extends AsyncDisposable {
  readonly reference: string
}

/**
 * Has the engine build a context, as the docker command sends it; its files may be run. Nothing is pulled: the base is
 * `scratch`, or an image that is there.
 */
export async function buildImage(
  files: Files,
  { builder = 'legacy', options = [] }: BuildOptions = {},
): Promise<BuiltImage> {
  await using folder = await temporaryFolder()
  await writeFiles(folder.path, files)
  for (const path of Object.keys(files)) await chmod(join(folder.path, path), 0o755)
  const reference = newReference()
  const [command, buildKit] = builder === 'legacy' ? ['docker', '0'] : [buildKitCommand!, '1']
  await execa(command, ['build', '--quiet', '--tag', reference, ...options, '.'], {
    cwd: folder.path,
    env: { DOCKER_BUILDKIT: buildKit },
  })
  return { reference, [Symbol.asyncDispose]: async () => void (await execa('docker', ['rmi', '--force', reference])) }
}

function newReference(): string {
  return `firstbreak-test:${randomUUID()}`
}

/** Images made for tests; all of them go when it is disposed of. */
export interface ImageWorkshop extends AsyncDisposable {
  readonly docker: Docker
  /**
   * An image that holds this machine's CPython of a minor version as `/usr/local/bin/python3`, a shell as `/bin/sh`, and
   * nothing else; made once. With null, the shell alone.
   */
  base(minor: string | null): Promise<string>
  /** Debian 12 with its Python, pip, a shell and dos2unix, out of its packages; made once. */
  debian(): Promise<string>
  /** An image built from a Dockerfile; `files` are its context, and may be run. */
  build(dockerfile: string, files?: Files, options?: BuildOptions): Promise<string>
}

/** A place to make images from nothing: no registry is asked. */
export function imageWorkshop(): ImageWorkshop {
  const docker = new Docker()
  const references: string[] = []
  const bases = new Map<string | null, Promise<string>>()
  const once = (name: string | null, make: (reference: string) => Promise<void>) => {
    const reference = newReference()
    const base = bases.get(name) ?? make(reference).then(() => reference)
    if (!bases.has(name)) references.push(reference)
    bases.set(name, base)
    return base
  }
  return {
    docker,
    base: minor => once(minor, reference => importPython(docker, reference, minor)),
    debian: () => once('debian', importDebian),
    async build(dockerfile, files = {}, options = {}) {
      const { reference } = await buildImage({ Dockerfile: dockerfile, ...files }, options)
      references.push(reference)
      return reference
    },
    async [Symbol.asyncDispose]() {
      for (const reference of references.reverse()) {
        await docker
          .getImage(reference)
          .remove({ force: true })
          .catch(() => undefined) // it was never made
      }
    },
  }
}

/** The names of the files below a directory of the image that the engine builds of a context. */
export async function filesBuilt(context: Files, directory: string): Promise<string[]> {
  // What is built at the same time may be the same: from a cache, it would be removed under the other one.
  await using image = await buildImage(context, { options: ['--no-cache'] })
  const container = await new Docker().createContainer({ Image: image.reference, Cmd: ['none'] })
  try {
    const files = await exportedFiles(container, path => path.startsWith(`${directory}/`))
    return [...files.keys()].map(name => name.slice(directory.length + 1)).sort()
  } finally {
    await container.remove()
  }
}

/** Checks each of these, some at once: most of the time is waiting for the engine. */
export async function severalAtOnce<T>(items: readonly T[], check: (item: T) => Promise<void>): Promise<void> {
  const slots = new Slots(4)
  await Promise.all(items.map(item => slots.use(() => check(item))))
}

/** The layers of an image as the engine tells of them: what made each, and what it is known by, lowest first. */
export async function layersOf(docker: Docker, reference: string) {
  const image = docker.getImage(reference)
  const steps: { readonly CreatedBy: string; readonly Size: number }[] = await image.history()
  const { RootFS } = await image.inspect()
  // It does not say which steps made a layer; those that write something did.
  const made = steps.filter(({ Size }) => Size > 0).reverse()
  const layers = RootFS.Layers ?? []
  if (made.length !== layers.length)
    throw new Error(`${made.length} steps of ${reference} wrote ${layers.length} layers`)
  // What was imported was made by no instruction.
  return made.map(({ CreatedBy }, index) => ({ index, diffId: layers[index]!, createdBy: CreatedBy || null }))
}
