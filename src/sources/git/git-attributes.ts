import { bytesOfName, type Path, textOfName } from '../../model/path.ts'
import { runGit } from './git-process.ts'
import type { Repository } from './repository.ts'

/** By name: `set`, `unset`, or the value it is given. What is not specified is not there. */
export type Attributes = ReadonlyMap<string, string>

/**
 * What the attributes of the working tree say of each path; where the tree lacks a `.gitattributes`, the index's counts.
 *
 * @throws VerifierError when git fails.
 */
export async function gitAttributes(
  { directory }: Repository,
  paths: readonly Path[],
  names: readonly string[],
): Promise<ReadonlyMap<Path, Attributes>> {
  const input = Buffer.concat(paths.flatMap(path => [bytesOfName(path), Buffer.from([0])]))
  const output = await runGit(directory, ['check-attr', '-z', '--stdin', ...names], input)
  const fields = textOfName(output).split('\0')
  const attributes = new Map<Path, Map<string, string>>()
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const [path, name, value] = fields.slice(at, at + 3) as [Path, string, string]
    if (value === 'unspecified') continue
    const known = attributes.get(path) ?? new Map<string, string>()
    attributes.set(path, known.set(name, value))
  }
  return attributes
}
