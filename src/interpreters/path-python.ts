import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Environment } from '../model/environment.ts'
import type { DeclaredVersion } from '../model/interpreter.ts'
import { askVersion } from './ask-version.ts'
import { firstOnPath, programAt } from './native-candidates.ts'

const timeLimit = 10_000

/**
 * The version of the CPython that `python3` starts in a shell of this environment; null when there is none. A pyenv shim is
 * not run: it is followed to the version that pyenv is set to.
 */
export async function pathPython(environment: Environment): Promise<DeclaredVersion | null> {
  const found = await firstOnPath(environment, /^python3(?:\.exe)?$/i)
  if (found === null) return null
  const program = (await programAt(found)) ?? (await behindShim(found, environment))
  if (program === null) return null
  try {
    return { version: await askVersion(program, timeLimit), from: 'python3 on PATH' }
  } catch {
    return null // it is called so and is no CPython, so it says nothing of a version
  }
}

/** pyenv keeps its shims beside `versions` and `version`, the file that names the version to be used everywhere. */
async function behindShim(shim: string, environment: Environment): Promise<string | null> {
  const root = dirname(dirname(shim))
  const set = environment.PYENV_VERSION ?? (await readFile(join(root, 'version'), 'utf8').catch(() => ''))
  const [version = ''] = set.trim().split(/[\s:]+/)
  return /^[\w.-]+$/.test(version) ? programAt(join(root, 'versions', version, 'bin', 'python3')) : null
}
