import { randomBytes, webcrypto } from 'node:crypto'
import { constants, type Stats } from 'node:fs'
import { type FileHandle, lstat, mkdir, open, readdir, rename, rm } from 'node:fs/promises'
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

const day = 24 * 60 * 60 * 1000

/** Milliseconds after which a snapshot that nobody started from goes: it may be another release's, or what a killed run left. */
const longestUnused = 30 * day

/** Where snapshots lie in the folder of the cache. */
export function snapshotFolder(cacheDirectory: string): string {
  return join(cacheDirectory, 'snapshots')
}

/**
 * Keeps snapshots in a folder of `cacheDirectory`, which is made when the first one is written. As a snapshot is memory that
 * is run, folder and file must belong to the user, and nobody else may write to them. `log` is told once what is in the way.
 */
export function snapshotStore(cacheDirectory: string, log: (line: string) => void): SnapshotStore {
  const folder = snapshotFolder(cacheDirectory)
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
      const stats = await file.stat()
      assertOwn(pathOf(name), stats)
      const content = new Uint8Array(await file.readFile())
      const snapshot = content.slice(digestLength)
      if (!(await digest(snapshot)).equals(content.subarray(0, digestLength))) return null
      if (Date.now() - stats.mtimeMs > day) await markUsed(file)
      return snapshot
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') complain((error as Error).message)
      return null
    }
  }

  /** Once a day, when the others are looked after as well. That it cannot be done is no reason not to start. */
  async function markUsed(file: FileHandle): Promise<void> {
    const now = new Date()
    await file.utimes(now, now).then(sweep, () => undefined)
  }

  /** Removes what was not used for long, half-written ones too. Whoever reads one keeps what is open; it can be made again. */
  async function sweep(): Promise<void> {
    const names = await readdir(folder).catch(() => [])
    for (const path of names.filter(isSnapshotName).map(each => join(folder, each))) {
      const stats = await lstat(path).catch(() => null) // another run was faster
      if (stats !== null && Date.now() - stats.mtimeMs > longestUnused)
        await rm(path, { force: true }).catch(() => undefined)
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
        await sweep()
      } finally {
        await rm(temporary, { force: true })
      }
    } catch (error) {
      complain((error as Error).message)
    }
  }

  return { read, write, discard: name => rm(pathOf(name), { force: true }).catch(error => complain(error.message)) }
}

/** Its own name, or the one that it has while it is written. */
function isSnapshotName(name: string): boolean {
  return /\.snapshot(?:\.[0-9a-f]{16})?$/.test(name)
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
