import { createHash } from 'node:crypto'
import { parseSha256, type Sha256 } from '../model/digest.ts'
import { bytesOfName, type Path } from '../model/path.ts'

/** One digest for many files: SHA-256 over `<sha256>  <path>\n` of each, in the order given, as `sha256sum` would list them. */
export function stageDigest(files: Iterable<readonly [Path, Sha256]>): Sha256 {
  const hash = createHash('sha256')
  for (const [path, sha256] of files) hash.update(`${sha256}  `).update(bytesOfName(path)).update('\n')
  return parseSha256(hash.digest('hex'))
}
