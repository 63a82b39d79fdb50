import type { Conversion, GitFacts } from '../../model/git-facts.ts'
import type { Path } from '../../model/path.ts'
import { exportIgnored } from './export-ignore.ts'
import { gitAttributes } from './git-attributes.ts'
import { conversionAttributes, gitConversion } from './git-conversion.ts'
import { gitIndex } from './git-index.ts'
import { lineEndSettings } from './git-settings.ts'
import type { Repository } from './repository.ts'
import { submodulesOf } from './submodules.ts'

/** What git knows of the working tree below `directory`, besides its bytes; the repository is not bare. */
export function gitFacts(repository: Repository, directory: Path): GitFacts {
  return {
    async conversions(files) {
      const settings = await lineEndSettings(repository)
      const attributes = await gitAttributes(repository, [...files.keys()], conversionAttributes)
      const found = new Map<Path, Conversion>()
      for (const [path, blobId] of files) {
        const conversion = gitConversion(blobId, attributes.get(path) ?? new Map(), settings)
        if (conversion !== null) found.set(path, conversion)
      }
      return found
    },
    index: () => gitIndex(repository, directory),
    submodules: commits => submodulesOf(repository, commits),
    exportIgnored: paths => exportIgnored(repository, paths),
  }
}
