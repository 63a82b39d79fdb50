import { join } from 'node:path'
import type { Environment } from '../model/environment.ts'
import { namesIn, pathFolders } from './environment.ts'

/** The first file on PATH with such a name, whatever it is; null when there is none. */
export async function firstOnPath(environment: Environment, name: RegExp): Promise<string | null> {
  for (const folder of pathFolders(environment)) {
    const found = (await namesIn(folder)).find(each => name.test(each))
    if (found !== undefined) return join(folder, found)
  }
  return null
}
