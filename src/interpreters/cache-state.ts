import { constants } from 'node:fs'
import { access, readdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { CacheState } from '../model/machine.ts'

/** What a cache folder holds, and whether it can be written to or made. */
export async function cacheState(directory: string): Promise<CacheState> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => [])
  const files = entries.filter(entry => entry.isFile())
  // One that goes meanwhile counts for nothing.
  const sizes = files.map(({ parentPath, name }) =>
    stat(join(parentPath, name)).then(
      ({ size }) => size,
      () => 0,
    ),
  )
  const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
  return { directory, isWritable: await isWritable(directory), bytes }
}

/** Of one that is not there, whether the nearest folder above it lets it be made. */
async function isWritable(directory: string): Promise<boolean> {
  const found = await stat(directory).catch((error: NodeJS.ErrnoException) => error.code ?? null)
  if (found === 'ENOENT' && dirname(directory) !== directory) return isWritable(dirname(directory))
  if (found === null || typeof found === 'string' || !found.isDirectory()) return false
  return access(directory, constants.W_OK).then(
    () => true,
    () => false,
  )
}
