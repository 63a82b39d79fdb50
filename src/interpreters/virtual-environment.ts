import { readFile, stat } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'

/** Bytes; pyvenv.cfg has a handful of lines. */
const largestConfiguration = 64 * 1024

/**
 * Where the Python that a virtual environment was made from may be found: behind the links in its own folders, and in the
 * `home` that its pyvenv.cfg names (PEP 405). It is said by whoever made it, so what is found there is not yet to be run.
 */
export async function virtualEnvironmentFolders(environment: string): Promise<readonly string[]> {
  const configuration = await configurationOf(environment)
  if (configuration === null) return []
  const home = /^[ \t]*home[ \t]*=[ \t]*(.+?)[ \t\r]*$/m.exec(configuration)?.[1]
  const own = [join(environment, 'bin'), join(environment, 'Scripts')]
  // To look at `\\server\share` is to log on there.
  return home === undefined || !isAbsolute(home) || /^[\\/]{2}/.test(home) ? own : [...own, home]
}

/** Null when there is none. */
async function configurationOf(environment: string): Promise<string | null> {
  const file = join(environment, 'pyvenv.cfg')
  try {
    const found = await stat(file)
    return found.isFile() && found.size <= largestConfiguration ? await readFile(file, 'utf8') : null
  } catch {
    return null // no virtual environment, or not ours to read
  }
}
