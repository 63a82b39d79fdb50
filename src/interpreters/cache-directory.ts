import { posix, win32 } from 'node:path'
import type { Environment } from '../model/environment.ts'
import { folderVariable } from './environment.ts'

/**
 * Where a user's programs keep what can be made again, on a `platform` as Node names it; `FIRSTBREAK_CACHE_DIR` says
 * otherwise.
 */
export function defaultCacheDirectory(environment: Environment, platform: string, home: string): string {
  const { join } = platform === 'win32' ? win32 : posix
  const own = folderVariable(environment, 'FIRSTBREAK_CACHE_DIR')
  if (own !== undefined) return own
  if (platform === 'win32') {
    const local = folderVariable(environment, 'LOCALAPPDATA') ?? join(home, 'AppData', 'Local')
    return join(local, 'firstbreak', 'Cache')
  }
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'firstbreak')
  return join(folderVariable(environment, 'XDG_CACHE_HOME') ?? join(home, '.cache'), 'firstbreak')
}
