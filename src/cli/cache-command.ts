import { rm } from 'node:fs/promises'
import { Argument, type Command } from 'commander'
import { clearCache, describeCache } from '../interpreters/describe-cache.ts'
import { VerifierError } from '../model/errors.ts'
import { visible } from '../report/visible.ts'
import { cacheDirectory, compiledFolder } from './cache-directory.ts'
import type { Io } from './io.ts'
import { cacheDirOption } from './verify-options.ts'

/** `firstbreak cache [clear]`: shows where verdicts are remembered and how many, and the snapshots; or forgets them all. */
export function cacheCommand(program: Command, io: Io): void {
  program
    .command('cache')
    .description('place and size of the verdict cache and of the snapshots of embedded interpreters; clear both')
    .addArgument(new Argument('[clear]', 'forget every remembered verdict and every snapshot').choices(['clear']))
    .addOption(cacheDirOption())
    .action(async (clear: string | undefined, { cacheDir }: { readonly cacheDir?: string }) => {
      const directory = cacheDirectory(cacheDir, io)
      if (directory === null) {
        throw new VerifierError('bad-usage', 'there is no home folder to keep a cache in: pass --cache-dir')
      }
      if (clear !== undefined) {
        await clearCache(directory)
        await rm(compiledFolder(directory), { recursive: true, force: true })
      }
      const { folder, bytes, bound, entries, snapshots } = await describeCache(directory)
      const size = `${mebibytes(bytes).toFixed(1)} MiB, of at most about ${mebibytes(bound)}`
      const count = typeof entries === 'number' ? String(entries) : `cannot be counted: ${visible(entries.problem)}`
      const memory = `${snapshots.count}, ${mebibytes(snapshots.bytes).toFixed(1)} MiB`
      io.out.write(`place      ${visible(folder)}\nsize       ${size}\nentries    ${count}\nsnapshots  ${memory}\n`)
    })
}

function mebibytes(bytes: number): number {
  return bytes / 1024 / 1024
}
