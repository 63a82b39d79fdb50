import { randomUUID } from 'node:crypto'
import { cp, mkdir, symlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import Docker from 'dockerode'
import { execa } from 'execa'
import { tarOf } from './images.ts'
import { nativePython } from './native.ts'
import type { Need } from './needs.ts'
import type { Files } from './repository.ts'
import { temporaryFolder } from './temporary.ts'

/** That tests need an engine that holds and runs images. */
export const needsEngine: Need = {
  name: 'a container engine (DOCKER_HOST), on Linux',
  present: Boolean(process.env.DOCKER_HOST) && process.platform === 'linux',
}

/** Images made for tests; all of them go when it is disposed of. */
export interface ImageWorkshop extends AsyncDisposable {
  readonly docker: Docker
  /**
   * An image that holds this machine's CPython of a minor version as `/usr/local/bin/python3`, a shell as `/bin/sh`, and
   * nothing else; made once. With null, the shell alone.
   */
  base(minor: string | null): Promise<string>
  /** An image built from a Dockerfile, which cannot use the network; `files` are its context, and may be run. */
  build(dockerfile: string, files?: Files): Promise<string>
}

/** A place to make images from nothing: no registry is asked. */
export function imageWorkshop(): ImageWorkshop {
  const docker = new Docker()
  const references: string[] = []
  const bases = new Map<string | null, Promise<string>>()
  const newReference = () => {
    const reference = `firstbreak-test:${randomUUID()}`
    references.push(reference)
    return reference
  }
  return {
    docker,
    base(minor) {
      const base = bases.get(minor) ?? importBase(docker, newReference(), minor)
      bases.set(minor, base)
      return base
    },
    async build(dockerfile, files = {}) {
      const reference = newReference()
      const records = Object.entries({ Dockerfile: dockerfile, ...files })
      const context = await tarOf(records.map(([name, content]) => ({ name, content, mode: 0o755 })))
      await finish(await docker.buildImage(Readable.from([context]), { t: reference }))
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

async function importBase(docker: Docker, reference: string, minor: string | null): Promise<string> {
  await using root = await temporaryFolder()
  await copyProgram('/bin/sh', join(root.path, 'bin/sh'), root.path)
  if (minor !== null) await copyPython(minor, root.path)
  const { stdout } = await execa('tar', ['-c', '-C', root.path, '--owner=0', '--group=0', '.'], {
    encoding: 'buffer',
    maxBuffer: 1 << 30,
  })
  const [repo = '', tag = ''] = reference.split(':')
  await finish(await docker.importImage(Readable.from([stdout]), { repo, tag }))
  return reference
}

/** What no test of a compiler needs. */
const leftOut =
  /^(?:__pycache__|site-packages|dist-packages|test|tests|idlelib|tkinter|turtledemo|ensurepip|lib2to3|pydoc_data|config-.*)$/

async function copyPython(minor: string, root: string): Promise<void> {
  const executable = nativePython(minor)!.executable!
  const prefix = dirname(dirname(executable))
  const name = `python${minor}`
  await copyProgram(executable, join(root, 'usr/local/bin', name), root)
  await symlink(name, join(root, 'usr/local/bin/python3'))
  await symlink('python3', join(root, 'usr/local/bin/python'))
  await cp(join(prefix, 'lib', name), join(root, 'usr/local/lib', name), {
    recursive: true,
    filter: path => !leftOut.test(basename(path)),
  })
}

/** A program with the libraries it needs, where the loader looks for them. */
async function copyProgram(from: string, to: string, root: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true })
  await cp(from, to, { dereference: true })
  const { stdout } = await execa('ldd', [from])
  for (const [, library = ''] of stdout.matchAll(/(?:=>|^)\s+(\/\S+) \(/gm)) {
    const place = library.startsWith('/lib') ? library : `/lib/${basename(library)}`
    await cp(library, join(root, place), { dereference: true })
  }
}

async function finish(progress: NodeJS.ReadableStream): Promise<void> {
  const text = (await buffer(progress)).toString()
  if (text.includes('"error"')) throw new Error(text)
}
