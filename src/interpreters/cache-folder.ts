import { readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** Of what is stored and how. A cache of another format lies beside this one, and neither touches the other. */
const format = 1

/** Where the verdicts lie in the folder of the cache. */
export function cacheFolder(directory: string): string {
  return join(directory, `verdicts-${format}`)
}

/**
 * Removes a store, which other processes may be using: they keep what they have. First it gets another name, as a file of
 * a store must never be there without the others.
 *
 * @throws Error when the system does not allow it, as Windows does not while it is in use.
 */
export async function removeStore(folder: string): Promise<void> {
  const [directory, removed] = [dirname(folder), `${basename(folder)}.removed-`]
  const name = removed + crypto.randomUUID()
  await rename(folder, join(directory, name)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error // or somebody else was faster
  })
  const names = await readdir(directory).catch(() => []) // there is no such folder, so nothing in it either
  const gone = names.filter(each => each.startsWith(removed))
  await Promise.all(gone.map(each => rm(join(directory, each), { recursive: true, force: true })))
}
