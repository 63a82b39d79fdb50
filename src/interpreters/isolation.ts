import { dirname } from 'node:path'
import { compareVersions } from '../model/interpreter.ts'

/** The flags that keep the machine's settings, packages and current folder away from a Python of this version. */
export function isolation(version: string): readonly string[] {
  return compareVersions(version, '3.4') < 0 ? flagsOfAll : ['-I', '-S', '-B']
}

/** The same for a Python of any version, but for the folder of the script, which is looked into. */
export const flagsOfAll: readonly string[] = ['-E', '-s', '-S', '-B']

/** How every interpreter is started: without an environment (Windows adds what it needs), in the folder it lies in. */
export function surroundings(executable: string) {
  return { env: {}, cwd: dirname(executable), windowsHide: true } as const
}
