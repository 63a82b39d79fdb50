import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { VerifierError } from '../model/errors.ts'
import { cacheFolder, removeStore } from './cache-folder.ts'
import { snapshotFolder } from './snapshot-store.ts'
import { generationBound, startStore } from './store-process.ts'

/** What a person may want to know of what is kept from run to run. */
export interface CacheDescription {
  /** Where it lies. */
  readonly folder: string
  readonly bytes: number
  /** Bytes, about: what is oldest goes when more is used. */
  readonly bound: number
  /** How many verdicts it holds; where they cannot be counted, why. */
  readonly entries: number | { readonly problem: string }
  /** The memory that embedded interpreters start from: files, and their bytes together. */
  readonly snapshots: { readonly count: number; readonly bytes: number }
}

/** Describes the cache below `directory`; one that is not there is empty, and is not made. */
export async function describeCache(directory: string): Promise<CacheDescription> {
  const folder = cacheFolder(directory)
  const { count, bytes } = await filesIn(folder)
  const entries = count === 0 ? 0 : await entriesOf(folder)
  return { folder, bytes, bound: 2 * generationBound, entries, snapshots: await filesIn(snapshotFolder(directory)) }
}

/** None where there is no such folder, or nobody may look; one that goes meanwhile has no bytes. */
async function filesIn(folder: string): Promise<{ readonly count: number; readonly bytes: number }> {
  const names = await readdir(folder).catch(() => [])
  const sizes = names.map(name =>
    stat(join(folder, name)).then(
      ({ size }) => size,
      () => 0,
    ),
  )
  return { count: names.length, bytes: (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0) }
}

/**
 * Forgets every verdict and every snapshot below `directory`. Who is using them keeps what is open.
 *
 * @throws VerifierError when the system does not allow it.
 */
export async function clearCache(directory: string): Promise<void> {
  try {
    await removeStore(cacheFolder(directory))
    await rm(snapshotFolder(directory), { recursive: true, force: true })
  } catch (cause) {
    const message = `cannot clear ${directory}, end what is using it: ${(cause as Error).message}`
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
