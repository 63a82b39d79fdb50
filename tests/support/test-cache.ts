import { copyFile, link, mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { sharedCache } from './shared-folder.ts'
import { temporaryFolder } from './temporary.ts'

/**
 * A cache folder of one test file: it begins with what other test files made so that interpreters start fast, and without any
 * verdict.
 */
export async function testCache(): Promise<{ readonly path: string } & AsyncDisposable> {
  const folder = await temporaryFolder()
  if (sharedCache === null) return folder
  const shared = sharedCache
  await copyFile(join(shared, 'interpreters.json'), join(folder.path, 'interpreters.json')).catch(() => undefined)
  await linkSnapshots(shared, folder.path)
  return {
    path: folder.path,
    [Symbol.asyncDispose]: async () => {
      await linkSnapshots(folder.path, shared)
      await folder[Symbol.asyncDispose]()
    },
  }
}

/** Those that are not there yet. Nobody writes to one: each is made under another name, and renamed. */
async function linkSnapshots(from: string, to: string): Promise<void> {
  const [source, target] = [join(from, 'snapshots'), join(to, 'snapshots')]
  const names = (await readdir(source).catch(() => [])).filter(name => name.endsWith('.snapshot'))
  await mkdir(target, { recursive: true, mode: 0o700 })
  // There was one, or the other was removed meanwhile.
  await Promise.all(names.map(name => link(join(source, name), join(target, name)).catch(() => undefined)))
}
