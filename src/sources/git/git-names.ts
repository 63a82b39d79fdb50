import { bytesOfName } from '../../model/path.ts'
import { runGit } from './git-process.ts'
import type { Repository } from './repository.ts'

/** What a name of git's stands for. */
export interface NamedObject {
  readonly id: string
  readonly type: string
}

/** What each name stands for; undefined where it stands for nothing, or not for one thing. On stdin no name is an option. */
export async function lookUp(repository: Repository, names: readonly string[]): Promise<(NamedObject | undefined)[]> {
  if (names.some(name => /[\n\0]/.test(name))) return []
  const input = Buffer.concat(names.flatMap(name => [bytesOfName(name), Buffer.from('\n')]))
  const output = await runGit(repository.directory, ['cat-file', '--batch-check=%(objectname) %(objecttype)'], input)
  return output
    .toString('latin1')
    .split('\n')
    .map(line => /^([0-9a-f]{40,64}) (commit|tree|blob|tag)$/.exec(line))
    .map(match => (match === null ? undefined : { id: match[1]!, type: match[2]! }))
}
