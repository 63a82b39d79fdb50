import { open, readdir, realpath } from 'node:fs/promises'
import { delimiter, isAbsolute, join } from 'node:path'
import type { Environment } from '../model/environment.ts'

const pythonName = /^python(?:3(?:\.\d+)?|2\.7)?(?:\.exe)?$/i

/**
 * Real paths of the programs that may be CPythons: by name on PATH, in its order, then the versions of pyenv. Each once,
 * however many names and links lead to it. Scripts are left out: what the shims of pyenv would start is found among its
 * versions.
 */
export async function nativeCandidates(environment: Environment): Promise<readonly string[]> {
  const found = await Promise.all([programsOnPath(environment, pythonName), pythonsOfPyenv(environment)])
  const programs = await Promise.all(found.flat().map(programAt))
  return [...new Set(programs.filter(program => program !== null))]
}

/** The first program on PATH with such a name, whatever it is; null when there is none. */
export async function firstOnPath(environment: Environment, name: RegExp): Promise<string | null> {
  return (await programsOnPath(environment, name))[0] ?? null
}

async function programsOnPath(environment: Environment, wanted: RegExp): Promise<readonly string[]> {
  // A relative folder would be one of whatever repository is looked at.
  const folders = (variable(environment, 'PATH') ?? '').split(delimiter).filter(isAbsolute)
  const found = await Promise.all(
    folders.map(async folder => {
      const names = await namesIn(folder)
      return names.filter(name => wanted.test(name)).map(name => join(folder, name))
    }),
  )
  return found.flat()
}

async function pythonsOfPyenv(environment: Environment): Promise<readonly string[]> {
  const home = variable(environment, 'HOME') ?? variable(environment, 'USERPROFILE')
  const root = variable(environment, 'PYENV_ROOT') ?? (home === undefined ? undefined : join(home, '.pyenv'))
  if (root === undefined) return []
  const versions = join(root, 'versions')
  const names = await namesIn(versions)
  // pyenv, and pyenv-win.
  return names.flatMap(name => [join(versions, name, 'bin', 'python'), join(versions, name, 'python.exe')])
}

/** Its real path, when there is a file that is no script; else null. */
export async function programAt(path: string): Promise<string | null> {
  try {
    const program = await realpath(path)
    await using file = await open(program)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0)
    return bytesRead < 2 || buffer.toString('latin1') === '#!' ? null : program
  } catch {
    return null // not there, not a file or not ours to read, so nothing to be asked
  }
}

/** Sorted; none when there is no such folder. */
async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort()
  } catch {
    return [] // PATH may name folders that are not there
  }
}

/** On Windows, whatever its case: `Path`. */
function variable(environment: Environment, name: string): string | undefined {
  const key = name in environment ? name : Object.keys(environment).find(key => key.toUpperCase() === name)
  const value = key === undefined ? undefined : environment[key]
  return value === '' ? undefined : value
}
