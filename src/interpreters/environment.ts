import { readdir } from 'node:fs/promises'
import { delimiter, isAbsolute } from 'node:path'
import type { Environment } from '../model/environment.ts'

/** Undefined where it is empty. On Windows the case of its name does not count: `Path`. */
export function variable(environment: Environment, name: string): string | undefined {
  const key = name in environment ? name : Object.keys(environment).find(key => key.toUpperCase() === name)
  const value = key === undefined ? undefined : environment[key]
  return value === '' ? undefined : value
}

/** A folder that a variable names; undefined where it names none by its full path. */
export function folderVariable(environment: Environment, name: string): string | undefined {
  const folder = variable(environment, name)
  return folder !== undefined && isAbsolute(folder) ? folder : undefined
}

export function homeFolder(environment: Environment): string | undefined {
  return folderVariable(environment, 'HOME') ?? folderVariable(environment, 'USERPROFILE')
}

/** The folders of PATH in its order. A relative one would be one of whatever repository is looked at, and is left out. */
export function pathFolders(environment: Environment): readonly string[] {
  return (variable(environment, 'PATH') ?? '').split(delimiter).filter(isAbsolute)
}

/** Sorted; none when there is no such folder. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort()
  } catch {
    return [] // variables and custom name folders that need not be there
  }
}
