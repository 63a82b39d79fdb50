import type { Staged } from '../../model/git-facts.ts'
import type { Path } from '../../model/path.ts'
import { parseGitPath } from './git-path.ts'
import { gitRecords } from './git-process.ts'
import type { Repository } from './repository.ts'

/** What is staged below `directory`, read from the index alone: no file is looked at, so no filter is run. */
export async function gitIndex(repository: Repository, directory: Path): Promise<ReadonlyMap<Path, Staged>> {
  const part = directory === '' ? [] : ['--', directory]
  const staged = new Map<Path, Staged>()
  for await (const record of gitRecords(repository.directory, ['ls-files', '-z', '--stage', '-t', ...part])) {
    const tab = record.indexOf(0x09)
    // `S 100644 <id> 0`, with S for what a sparse checkout skips.
    const [tag, , blobId = ''] = record.toString('latin1', 0, tab).split(' ')
    staged.set(parseGitPath(record.subarray(tab + 1)), { blobId, skipped: tag === 'S' })
  }
  return staged
}
