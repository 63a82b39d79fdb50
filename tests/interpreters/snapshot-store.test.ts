import { chmod, readdir, readFile, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { snapshotStore } from '../../src/interpreters/snapshot-store.ts'
import { testNeeding } from '../support/needs.ts'
import { temporaryFolder } from '../support/temporary.ts'

const posix = { name: 'a POSIX system', present: process.platform !== 'win32' }
const snapshot = new Uint8Array(100_000).fill(7)

/** A store in a folder of its own, which holds one snapshot, and what it logs. */
async function filledStore(directory: string) {
  const cache = join(directory, 'cache')
  const log: string[] = []
  const store = snapshotStore(cache, line => log.push(line))
  await store.write('name', snapshot)
  return { store, log, cache, folder: join(cache, 'snapshots'), file: join(cache, 'snapshots', 'name.snapshot') }
}

test('gives what was written, and null for what was not', async () => {
  await using directory = await temporaryFolder()
  const { store, log } = await filledStore(directory.path)
  expect(await store.read('name')).toEqual(snapshot)
  expect(await store.read('other')).toBeNull()
  await store.discard('name')
  expect(await store.read('name')).toBeNull()
  expect(log).toEqual([])
})

test.each([
  ['a changed byte', (content: Buffer) => content.fill(8, 5000, 5001)],
  ['a cut end', (content: Buffer) => content.subarray(0, -1)],
  ['nothing', () => Buffer.alloc(0)],
])('%s is noticed, and what is written then is given', async (_name, damage) => {
  await using directory = await temporaryFolder()
  const { store, file } = await filledStore(directory.path)
  await writeFile(file, damage(await readFile(file)))
  expect(await store.read('name')).toBeNull()
  await store.write('name', snapshot)
  expect(await store.read('name')).toEqual(snapshot)
})

test('many who write the same at once leave one whole file', async () => {
  await using directory = await temporaryFolder()
  const { store, folder, log } = await filledStore(directory.path)
  const reads = Array.from({ length: 8 }, async () => {
    await store.write('name', snapshot)
    return store.read('name')
  })
  for (const read of await Promise.all(reads)) expect(read).toEqual(snapshot)
  expect(await readdir(folder)).toEqual(['name.snapshot'])
  expect(log).toEqual([])
})

testNeeding(posix)('only the user may read and write', async () => {
  await using directory = await temporaryFolder()
  const { folder, file } = await filledStore(directory.path)
  expect([(await stat(folder)).mode & 0o777, (await stat(file)).mode & 0o777]).toEqual([0o700, 0o600])
})

for (const which of ['cache', 'folder', 'file'] as const) {
  testNeeding(posix)(`nothing is read where others may write: the ${which}`, async () => {
    await using directory = await temporaryFolder()
    const filled = await filledStore(directory.path)
    const mode = (await stat(filled[which])).mode
    for (const others of [0o020, 0o002]) {
      await chmod(filled[which], (mode & 0o777) | others)
      expect(await filled.store.read('name')).toBeNull()
    }
    expect(filled.log).toEqual([expect.stringMatching(/^embedded .*: others may write to .*$/)])
    await chmod(filled[which], mode & 0o777)
    expect(await filled.store.read('name')).toEqual(snapshot)
  })
}

testNeeding(posix, { name: 'root', present: process.getuid?.() === 0 })('nothing of another user is read', async () => {
  await using directory = await temporaryFolder()
  const { store, file, log } = await filledStore(directory.path)
  const { chown } = await import('node:fs/promises')
  await chown(file, 65534, 65534)
  expect(await store.read('name')).toBeNull()
  expect(log).toEqual([expect.stringMatching(/belongs to another user$/)])
})

testNeeding(posix)('a link is not followed', async () => {
  await using directory = await temporaryFolder()
  const { store, file, folder } = await filledStore(directory.path)
  await symlink(file, join(folder, 'link.snapshot'))
  expect(await store.read('link')).toBeNull()
})

const daysAgo = (days: number) => new Date(Date.now() - days * 24 * 60 * 60 * 1000)

/** Files of a store of these names, last written so many days ago. */
async function leave(folder: string, ages: Readonly<Record<string, number>>): Promise<void> {
  for (const [name, days] of Object.entries(ages)) {
    await writeFile(join(folder, name), '')
    await utimes(join(folder, name), daysAgo(days), daysAgo(days))
  }
}

const left = {
  'older.snapshot': 31,
  'lately.snapshot': 29,
  'cut.snapshot.0123456789abcdef': 31,
  'growing.snapshot.0123456789abcdef': 0,
  'somebody-elses.txt': 400,
}
const kept = ['growing.snapshot.0123456789abcdef', 'lately.snapshot', 'name.snapshot', 'somebody-elses.txt']

test('what nobody has started from for a month goes when one is written', async () => {
  await using directory = await temporaryFolder()
  const { store, folder } = await filledStore(directory.path)
  await leave(folder, left)
  await store.write('name', snapshot)
  expect((await readdir(folder)).sort()).toEqual(kept)
})

test('what is started from stays, and once a day the others are looked after', async () => {
  await using directory = await temporaryFolder()
  const { store, folder, file, log } = await filledStore(directory.path)
  await leave(folder, left)
  expect(await store.read('name')).toEqual(snapshot)
  expect((await readdir(folder)).length).toBe(Object.keys(left).length + 1)
  await utimes(file, daysAgo(40), daysAgo(40))
  expect(await store.read('name')).toEqual(snapshot)
  expect((await readdir(folder)).sort()).toEqual(kept)
  expect(Date.now() - (await stat(file)).mtimeMs).toBeLessThan(60 * 60 * 1000)
  expect(log).toEqual([])
})

test('a folder that cannot be made is said once', async () => {
  await using directory = await temporaryFolder()
  const file = join(directory.path, 'file')
  await writeFile(file, '')
  const log: string[] = []
  const store = snapshotStore(join(file, 'cache'), line => log.push(line))
  for (let time = 0; time < 3; time++) {
    await store.write('name', snapshot)
    expect(await store.read('name')).toBeNull()
  }
  expect(log).toHaveLength(1)
})
