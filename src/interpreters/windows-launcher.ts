import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { surroundings } from './isolation.ts'

/** The programs that `py -0p` lists, in its order: the launcher of Windows says what the registry knows of. */
export async function launcherPythons(launcher: string, timeLimit: number): Promise<readonly string[]> {
  const options = { ...surroundings(launcher), timeout: timeLimit, maxBuffer: 1 << 20 }
  const { stdout } = await promisify(execFile)(launcher, ['-0p'], options)
  return parseLauncherList(stdout)
}

/**
 * The paths in a listing: `-V:3.12 *  C:\…\python.exe`, and as older launchers write it, `-3.11-64  C:\…\python.exe *`. On
 * local drives only.
 */
export function parseLauncherList(listing: string): readonly string[] {
  return listing
    .split(/\r?\n/)
    .flatMap(line => /^\s*-\S+\s+(?:\*\s+)?([A-Za-z]:\\.*?\.exe)\s*\*?\s*$/.exec(line)?.[1] ?? [])
}
