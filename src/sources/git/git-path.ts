import { VerifierError } from '../../model/errors.ts'
import { type Path, parsePath, textOfName } from '../../model/path.ts'
import { quoted } from '../../model/quoted.ts'

/**
 * A path as git stores it, which is one already.
 *
 * @throws VerifierError when it is not: git lets nobody add one that is empty, holds `..` or could be spelt otherwise.
 */
export function parseGitPath(name: Uint8Array): Path {
  const path = parsePath(name)
  if (path !== null && path !== '' && path === textOfName(name)) return path
  throw new VerifierError(
    'git-failed',
    `the repository holds a file named ${quoted(textOfName(name))}, which git forbids: find where it is from with git fsck`,
  )
}
