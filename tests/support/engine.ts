import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { execa } from 'execa'
import type { Need } from './needs.ts'
import { type Files, writeFiles } from './repository.ts'
import { temporaryFolder } from './temporary.ts'

export const dockerCommand: Need = {
  name: 'the docker command and a container engine (DOCKER_HOST)',
  present: Boolean(process.env.DOCKER_HOST) && (await execa('docker', ['version'], { reject: false })).exitCode === 0,
}

/** An image of its own name, removed when it goes out of scope. */
export interface BuiltImage extends AsyncDisposable {
  readonly reference: string
}

/**
 * Has the older builder of the engine build a context, as the docker command sends it. Nothing is pulled: the base is `scratch`, or an
 * image that is there.
 */
export async function buildImage(files: Files, ...options: readonly string[]): Promise<BuiltImage> {
  await using folder = await temporaryFolder()
  await writeFiles(folder.path, files)
  const reference = `firstbreak-test:${randomUUID()}`
  await execa('docker', ['build', '--quiet', '--tag', reference, ...options, '.'], {
    cwd: folder.path,
    env: { DOCKER_BUILDKIT: '0' },
  })
  return { reference, [Symbol.asyncDispose]: async () => void (await execa('docker', ['rmi', '--force', reference])) }
}

/** The names of the files in an image below a directory. */
export async function filesOfImage({ reference }: BuiltImage, directory: string): Promise<string[]> {
  await using folder = await temporaryFolder()
  const { stdout: container } = await execa('docker', ['create', reference, 'none'])
  try {
    const tar = join(folder.path, 'image.tar')
    await execa('docker', ['export', '--output', tar, container])
    const { stdout } = await execa('tar', ['--list', '--quoting-style=literal', '--file', tar])
    const names = stdout.split('\n').filter(name => name.startsWith(`${directory}/`) && !name.endsWith('/'))
    return names.map(name => name.slice(directory.length + 1)).sort()
  } finally {
    await execa('docker', ['rm', container])
  }
}
