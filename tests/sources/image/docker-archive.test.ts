import { readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { dockerArchive } from '../../../src/sources/image/docker-archive.ts'
import { imageRecords, saveImage, tarOf } from '../../support/images.ts'
import { testNeeding } from '../../support/needs.ts'
import { needsLinux } from '../../support/programs.ts'
import { temporaryFolder } from '../../support/temporary.ts'
import { failureOf, listEntries } from './reading-image.ts'

const layers = [{ 'app/main.py': 'x = 1\n' }, { 'app/main.py': 'x = 2\n' }]

test.each([
  ['as it is', (tar: Buffer) => tar],
  ['compressed', gzipSync],
])('an image in a file, %s', async (_name, compress) => {
  await using folder = await temporaryFolder()
  const file = join(folder.path, 'image')
  await writeFile(file, compress(await tarOf(await imageRecords(layers))))
  const source = await dockerArchive(file, 'local')
  expect(source.stage).toMatchObject({ name: 'local', place: 'image', kind: 'docker-archive' })
  expect(await listEntries(source)).toEqual(['0 file app/main.py x = 1', '1 file app/main.py x = 2'])
})

test('a compressed file that is cut off anywhere is never whole', async () => {
  await using folder = await temporaryFolder()
  const file = join(folder.path, 'image.tar.gz')
  const whole = gzipSync(await tarOf(await imageRecords([{ 'a.py': '1' }])))
  await writeFile(file, whole)
  for (let size = whole.length - 1; size >= 0; size--) {
    await truncate(file, size)
    expect(await failureOf(dockerArchive(file, 'image')), `${size} bytes`).toMatch(/cut off|empty|no tar/)
  }
})

test('a file that is compressed otherwise', async () => {
  await using folder = await temporaryFolder()
  const file = join(folder.path, 'image.tar.xz')
  await writeFile(file, Buffer.from('fd377a585a00', 'hex'))
  expect(await failureOf(dockerArchive(file, 'image'))).toMatch(/^it is compressed with xz, which is not read/)
})

test('a file that is not there, and a folder', async () => {
  await using folder = await temporaryFolder()
  expect(await failureOf(dockerArchive(join(folder.path, 'none.tar'), 'image'))).toMatch(/^ENOENT/)
  expect(await failureOf(dockerArchive(folder.path, 'image'))).toMatch(/^EISDIR/)
})

const large = [
  { 'large.bin': Buffer.alloc(6_000_000), 'app/main.py': 'x = 1\n' },
  { 'large.bin': Buffer.alloc(5_000_000), 'app/main.py': 'x = 2\n' },
]

testNeeding(needsLinux)('layers are not read until they are asked for', async () => {
  await using folder = await temporaryFolder()
  const file = join(folder.path, 'image.tar')
  await saveImage(file, large)
  const before = await bytesRead()
  const source = await dockerArchive(file, 'image')
  expect((await bytesRead()) - before).toBeLessThan(5_000_000)
  expect(await listEntries(source)).toEqual([
    expect.stringMatching(/^0 file large\.bin/),
    '0 file app/main.py x = 1',
    expect.stringMatching(/^1 file large\.bin/),
    '1 file app/main.py x = 2',
  ])
})

/** By this process so far, as Linux counts them. */
async function bytesRead(): Promise<number> {
  return Number(/^rchar: (\d+)/m.exec(await readFile('/proc/self/io', 'utf8'))![1])
}

test('a file whose layers are passed over is never whole when it is cut off', async () => {
  await using folder = await temporaryFolder()
  const file = join(folder.path, 'image.tar')
  await saveImage(file, large)
  const whole = (await readFile(file)).length
  const sizes = [whole - 1, whole - 1024, 11_000_000, 9_000_000, 6_002_688, 6_002_687, 5_000_000, 2000, 1536, 1]
  for (const size of sizes) {
    await truncate(file, size)
    expect(await failureOf(dockerArchive(file, 'image')), `${size} bytes`).toMatch(/cut off|is no tar|not a tar/)
  }
})
