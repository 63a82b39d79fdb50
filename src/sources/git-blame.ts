import type { Blame } from '../model/history.ts'
import { bytesOfName, type Path } from '../model/path.ts'
import { runGit } from './git-process.ts'
import type { Repository } from './repository.ts'

/**
 * Who last changed a line of a file, as `commit` has it; null where the commit has no such line.
 *
 * @param line 1-based.
 * @throws VerifierError when git is missing or fails otherwise.
 */
export async function gitBlame(
  { directory }: Repository,
  { commit, path, line }: { readonly commit: string; readonly path: Path; readonly line: number },
): Promise<Blame | null> {
  // No program is run that attributes name, and no file read that the configuration names.
  const options = ['--porcelain', '--no-textconv', '--ignore-revs-file=', `-L${line},${line}`]
  const name = bytesOfName(path).toString('utf8')
  const output = await runGit(directory, ['blame', ...options, commit, '--', name]).catch(error => {
    if (/has only \d+ line|no such path|There is no path/i.test(String(error.message))) return null
    throw error
  })
  if (output === null) return null
  const text = output.toString('utf8')
  const [, id] = /^([0-9a-f]{40,64}) /.exec(text) ?? []
  const time = Number(/^committer-time (\d+)$/m.exec(text)?.[1])
  if (id === undefined || !Number.isSafeInteger(time)) return null
  const date = new Date(time * 1000).toISOString().replace('.000Z', 'Z')
  return { commit: id, date, summary: /^summary (.*)$/m.exec(text)?.[1] ?? '' }
}
