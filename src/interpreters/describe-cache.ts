import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { VerifierError } from '../model/errors.ts'
import { cacheFolder, removeStore } from './cache-folder.ts'
import { generationBound, startStore } from './store-process.ts'

/** What a person may want to know of the verdict cache. */
export interface CacheDescription {
  /** Where it lies. */
  readonly folder: string
  readonly bytes: number
  /** Bytes, about: what is oldest goes when more is used. */
  readonly bound: number
  /** How many verdicts it holds; where they cannot be counted, why. */
  readonly entries: number | { readonly problem: string }
}

/** Describes the verdict cache below `directory`; one that is not there is empty, and is not made. */
export async function describeCache(directory: string): Promise<CacheDescription> {
  const folder = cacheFolder(directory)
  const names = await readdir(folder).catch(() => []) // not there, or not ours: counting says which
  const sizes = await Promise.all(names.map(name => stat(join(folder, name)).then(({ size }) => size)))
  const bytes = sizes.reduce((sum, size) => sum + size, 0)
  return { folder, bytes, bound: 2 * generationBound, entries: names.length === 0 ? 0 : await entriesOf(folder) }
}

/**
 * Forgets every verdict below `directory`.
 *
 * @throws VerifierError when the system does not allow it.
 */
export async function clearCache(directory: string): Promise<void> {
  const folder = cacheFolder(directory)
  try {
    await removeStore(folder)
  } catch (cause) {
    const message = `cannot clear ${folder}, end what is using it: ${(cause as Error).message}`
    throw new VerifierError('file-unreadable', message, { cause })
  }
}

async function entriesOf(folder: string): Promise<CacheDescription['entries']> {
  const store = startStore(folder, generationBound)
  try {
    const reply = await store.ask({ kind: 'count' })
    return 'count' in reply ? reply.count : 0
  } catch (error) {
    return { problem: (error as Error).message }
  } finally {
    await store.end()
  }
}
