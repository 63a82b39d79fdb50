import { randomBytes, webcrypto } from 'node:crypto'
import { constants, type Stats } from 'node:fs'
import { lstat, mkdir, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'

/** Memory snapshots of embedded interpreters, by name. What fails here costs time only, so nothing throws. */
export interface SnapshotStore {
  /** Null when there is none that is whole and the user's own. */
  read(name: string): Promise<Uint8Array<ArrayBuffer> | null>
  /** Whole or not at all, whoever else writes the same one at this time. */
  write(name: string, snapshot: Uint8Array<ArrayBuffer>): Promise<void>
  /** So that it is made anew. */
  discard(name: string): Promise<void>
}

/** Bytes of the SHA-256 that a file begins with; the snapshot follows. */
const digestLength = 32

/**
 * Keeps snapshots in a folder of `cacheDirectory`, which is made when the first one is written. As a snapshot is memory that
 * is run, folder and file must belong to the user, and nobody else may write to them. `log` is told once what is in the way.
 */
export function snapshotStore(cacheDirectory: string, log: (line: string) => void): SnapshotStore {
  const folder = join(cacheDirectory, 'snapshots')
  const pathOf = (name: string) => join(folder, `${name}.snapshot`)
  let isSilent = false
  const complain = (reason: string) => {
    if (!isSilent) log(`embedded interpreters start slowly, as their memory is not kept in ${folder}: ${reason}`)
    isSilent = true
  }

  async function assertOwnFolders(): Promise<void> {
    for (const directory of [cacheDirectory, folder]) assertOwn(directory, await lstat(directory))
  }

  async function read(name: string): Promise<Uint8Array<ArrayBuffer> | null> {
    try {
      await assertOwnFolders()
      await using file = await open(pathOf(name), constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0))
      assertOwn(pathOf(name), await file.stat())
      const content = new Uint8Array(await file.readFile())
      const snapshot = content.slice(digestLength)
      return (await digest(snapshot)).equals(content.subarray(0, digestLength)) ? snapshot : null
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') complain((error as Error).message)
      return null
    }
  }

  async function write(name: string, snapshot: Uint8Array<ArrayBuffer>): Promise<void> {
    const temporary = `${pathOf(name)}.${randomBytes(8).toString('hex')}`
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      await assertOwnFolders()
      try {
        await writeDurably(temporary, [await digest(snapshot), snapshot])
        await rename(temporary, pathOf(name))
      } finally {
        await rm(temporary, { force: true })
      }
    } catch (error) {
      complain((error as Error).message)
    }
  }

  return { read, write, discard: name => rm(pathOf(name), { force: true }).catch(error => complain(error.message)) }
}

async function writeDurably(path: string, parts: readonly Uint8Array[]): Promise<void> {
  await using file = await open(path, 'wx', 0o600)
  for (const part of parts) await file.writeFile(part)
  await file.sync()
}

/** Off the main thread. */
async function digest(bytes: Uint8Array<ArrayBuffer>): Promise<Buffer> {
  return Buffer.from(await webcrypto.subtle.digest('SHA-256', bytes))
}

/** Windows has neither owners nor modes here; there the user's folders are protected as such. */
function assertOwn(path: string, { uid, mode }: Stats): void {
  const user = process.getuid?.()
  if (user === undefined) return
  if (uid !== user) throw new Error(`${path} belongs to another user`)
  if ((mode & 0o022) !== 0) throw new Error(`others may write to ${path}`)
}
