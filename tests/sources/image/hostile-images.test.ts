import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip, gzipSync } from 'node:zlib'
import { execa } from 'execa'
import { pack } from 'tar-stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { takeManifest } from '../../../src/manifest/take-manifest.ts'
import { defaultLimits } from '../../../src/sources/archive/archive-limits.ts'
import { dockerArchive } from '../../../src/sources/image/docker-archive.ts'
import { imageRecords, type LayerContent, saveImage, sha256, type TarRecord, tarOf } from '../../support/images.ts'
import { testNeeding } from '../../support/needs.ts'
import { temporaryFolder } from '../../support/temporary.ts'
import { failureOfTar } from './reading-image.ts'

const zstd = { name: 'zstd', present: (await execa('zstd', ['--version'], { reject: false })).exitCode === 0 }

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeAll(async () => {
  folder = await temporaryFolder()
})
afterAll(() => folder[Symbol.asyncDispose]())

const at = (name: string) => join(folder.path, name)
const layerOne = 'layer 0, "COPY layer-0 .": '

const failureOfLayers = async (...layers: readonly LayerContent[]) =>
  failureOfTar(await tarOf(await imageRecords(layers)))

describe('names', () => {
  const file = (name: string): TarRecord => ({ name, content: 'x = 1\n' })
  test.each<[string, TarRecord]>([
    ['above the root', file('../a.py')],
    ['above the root, further in', file('srv/../../a.py')],
    ['a hard link that leads out', { name: 'a.py', type: 'link', linkname: '../../etc/passwd' }],
    ['a whiteout that leads out', file('srv/.wh...')],
  ])('%s', async (_name, record) => {
    expect(await failureOfLayers([record])).toMatch(
      /^layer 0, "COPY layer-0 \.": the entry "[^"]+" leads out of the image/,
    )
  })

  test('symbolic links lead wherever they want, and are not followed', async () => {
    const links: TarRecord[] = [
      { name: 'srv/out.py', type: 'symlink', linkname: '../../../../etc/passwd' },
      { name: 'srv/loop', type: 'symlink', linkname: 'loop' },
      { name: 'srv/round', type: 'symlink', linkname: 'back' },
      { name: 'srv/back', type: 'symlink', linkname: 'round' },
    ]
    await saveImage(at('links.tar'), [links])
    const { python, files } = await takeManifest(await dockerArchive(at('links.tar'), 'image'), 'sha1')
    expect([files, [...python.values()].map(({ path, kind }) => `${path} ${kind}`)]).toEqual([
      4,
      ['srv/out.py symlink'],
    ])
    expect(await failureOfLayers([...links, file('srv/round/a.py')])).toMatch(/its links lead in circles/)
  })

  test('escapes and bytes that are no text are kept, and never told raw', async () => {
    const name = 'srv/\u001b[2J\u202e\n.py'
    await saveImage(at('escapes.tar'), [[file(name)]])
    const { python } = await takeManifest(await dockerArchive(at('escapes.tar'), 'image'), 'sha1')
    expect([...python.keys()]).toEqual([name])
    const failure = await failureOfLayers([{ name, type: 'link', linkname: `${name}/..` }])
    expect(failure).toContain('\\u001b[2J')
    expect(failure).not.toContain('\u001b')
  })
})

/** What a process of its own makes of an image. */
async function measured(file: string): Promise<{ readonly outcome: number | string; readonly megabytes: number }> {
  const program = join(import.meta.dirname, 'measured-reading.ts')
  const { stdout } = await execa(process.execPath, ['--import', 'tsx', program, file])
  return JSON.parse(stdout)
}

/** Writes an image whose only layer is these chunks. */
async function saveLayer(file: string, layer: AsyncIterable<Uint8Array>): Promise<void> {
  const hash = createHash('sha256')
  async function* hashed() {
    for await (const chunk of layer) {
      hash.update(chunk)
      yield chunk
    }
  }
  await pipeline(hashed, createWriteStream(`${file}.layer`))
  await saveBlob(file, `${file}.layer`, hash.digest('hex'))
}

/** Writes an image whose only layer is a file, as it is packed. Its digest is true only where whoever reads it comes to its end. */
async function saveBlob(file: string, blob: string, digest = sha256('')): Promise<void> {
  const tar = pack()
  const written = pipeline(tar, createWriteStream(file))
  const config = JSON.stringify({ rootfs: { diff_ids: [`sha256:${digest}`] }, config: {} })
  tar.entry({ name: 'config.json' }, config)
  tar.entry({ name: 'manifest.json' }, JSON.stringify([{ Config: 'config.json', Layers: ['layer.tar'] }]))
  await pipeline(createReadStream(blob), tar.entry({ name: 'layer.tar', size: (await stat(blob)).size }))
  tar.finalize()
  await written
}

const mebibyte = Buffer.alloc(1024 * 1024)

/** Of a file with so many bytes; in base 256, as sizes of 8 GiB and more are written. */
async function headerOf(name: string, size: number): Promise<Buffer> {
  const header = (await tarOf([{ name, content: '' }])).subarray(0, 512)
  header.fill(0, 124, 136).writeUInt8(0x80, 124)
  header.writeBigUInt64BE(BigInt(size), 128)
  header.fill(0x20, 148, 156)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return header
}

/** A tar of one file of so many MiB, all of them zeros. */
async function* zeros(mebibytes: number): AsyncGenerator<Uint8Array> {
  yield await headerOf('srv/zeros.bin', mebibytes * mebibyte.length)
  for (let i = 0; i < mebibytes; i++) yield mebibyte
  yield Buffer.alloc(1024)
}

/**
 * Saves the image whose only layer is what `zeros` gives, of which this is the digest, as a file that takes no room on disk but for
 * what is no zero.
 */
async function saveSparse(file: string, mebibytes: number, digest: string): Promise<void> {
  const documents = await tarOf({
    'config.json': JSON.stringify({ rootfs: { diff_ids: [digest] }, config: {} }),
    'manifest.json': JSON.stringify([{ Config: 'config.json', Layers: ['layer.tar'] }]),
  })
  const content = mebibytes * mebibyte.length
  const start = [
    documents.subarray(0, -1024),
    await headerOf('layer.tar', 512 + content + 1024),
    await headerOf('srv/zeros.bin', content),
  ]
  await writeFile(file, Buffer.concat(start))
  await truncate(file, (await stat(file)).size + content + 1024 + 1024)
}

/** A folder in memory, where there is one: of what is read from a disk, the system keeps also the zeros that stand on none. */
const folderForHoles = () => temporaryFolder(existsSync('/dev/shm') ? '/dev/shm' : undefined)

/** Packs what `zeros` gives, without hashing it: whoever unpacks it is not to come to its end. */
async function packZeros(mebibytes: number, file: string, program: readonly string[]): Promise<void> {
  const [command = '', ...args] = program
  await execa(command, args, { input: Readable.from(zeros(mebibytes)), stdout: { file }, encoding: 'buffer' })
}

describe('sizes', () => {
  test('1,000,000 entries are read in bounded memory', async () => {
    await saveLayer(at('million.tar'), millionFiles())
    const { outcome, megabytes } = await measured(at('million.tar'))
    expect(outcome).toBe(1_000_000)
    expect(megabytes).toBeLessThan(250)
  })

  test('a sparse file of 10 GiB is passed over in bounded memory', async () => {
    // Were it another one, the image would be damaged.
    const digest = 'sha256:2b1c41027a9ed5c12d84ce730e65ca0fbbb3db3aa09a9600246de6443c9883e0'
    await using holes = await folderForHoles()
    const file = join(holes.path, 'large.tar')
    await saveSparse(file, 10 * 1024, digest)
    const { outcome, megabytes } = await measured(file)
    expect(outcome).toBe(1)
    expect(megabytes).toBeLessThan(200)
  })

  const bomb =
    /layer 0: it unpacks to more than 1000 times its size, and is not read further; look at what made it, and pass a higher --max-ratio/
  testNeeding(zstd)('10 GiB of zeros out of a few kilobytes of zstd are not unpacked', async () => {
    await packZeros(10 * 1024, at('zeros.zst'), ['zstd', '-q', '-c'])
    await saveBlob(at('zstd.tar'), at('zeros.zst'))
    const { outcome, megabytes } = await measured(at('zstd.tar'))
    expect(outcome).toMatch(bomb)
    expect(megabytes).toBeLessThan(200)
  })

  test('nor is a gzip bomb, also around the whole image', async () => {
    await pipeline(Readable.from(zeros(400)), createGzip({ level: 9 }), createWriteStream(at('zeros.gz')))
    await saveBlob(at('gzip.tar'), at('zeros.gz'))
    const { outcome, megabytes } = await measured(at('gzip.tar'))
    expect(outcome).toMatch(bomb)
    expect(megabytes).toBeLessThan(200)
    const whole = await measured(at('zeros.gz'))
    expect(whole.outcome).toMatch(/zeros\.gz": it unpacks to more than 1000 times its size/)
  })

  test('a size that lies is found out', async () => {
    const header = (await zeros(10 * 1024).next()).value as Uint8Array
    expect(await failureOfLayers(Buffer.concat([header, mebibyte]))).toBe(`${layerOne}it is cut off; save it again`)
  })

  test('a sparse file is named, with what to do', async () => {
    const sparse = await tarOf([{ name: 'srv/a.bin', content: 'x', pax: { 'GNU.sparse.major': '1' } }])
    expect(await failureOfLayers(sparse)).toMatch(/^layer 0, "COPY layer-0 \.": "srv\/a\.bin" is a GNU sparse file/)
  })
})

async function* millionFiles(): AsyncGenerator<Uint8Array> {
  const header = (await tarOf([{ name: 'usr/share/folder-000/file-0000000.txt' }])).subarray(0, 512)
  const nameLength = 100
  const sumOf = (bytes: Uint8Array) => bytes.reduce((sum, byte) => sum + byte, 0)
  header.fill(0x20, 148, 156)
  const sumBehindName = sumOf(header.subarray(nameLength))
  let chunk: Buffer[] = []
  for (let i = 0; i < 1_000_000; i++) {
    const block = Buffer.from(header)
    block.write(
      `usr/share/folder-${String(i % 1000).padStart(3, '0')}/file-${String(i).padStart(7, '0')}.txt`,
      0,
      'latin1',
    )
    const sum = sumOf(block.subarray(0, nameLength)) + sumBehindName
    block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
    chunk.push(block)
    if (chunk.length < 2000) continue
    yield Buffer.concat(chunk)
    chunk = []
  }
  yield Buffer.alloc(1024)
}

test('limits hold for each layer, and are the ones that are passed', async () => {
  const layers = [{ 'a.py': '1' }, { 'b.py': '2', 'c.py': '3' }]
  await saveImage(at('limits.tar'), layers)
  const read = async (limits: object) => {
    const image = await dockerArchive(at('limits.tar'), 'image', 'image', { limits: { ...defaultLimits, ...limits } })
    return (await takeManifest(image, 'sha1')).files
  }
  expect(await read({ entries: 2, unpackedSize: 1 })).toBe(3)
  await expect(read({ entries: 1 })).rejects.toThrow(
    'layer 1, "COPY layer-1 .": it holds more than 1 entries, and is not read further; look at what made it, and pass a higher --max-entries',
  )
  await saveImage(at('packed.tar'), [{ 'zeros.bin': Buffer.alloc(2_000_000) }], { compress: tar => gzipSync(tar) })
  const limits = { ...defaultLimits, ratio: 10, ratioFrom: 1000 }
  const packed = await dockerArchive(at('packed.tar'), 'image', 'image', { limits })
  await expect(takeManifest(packed, 'sha1')).rejects.toThrow(/layer 0, .*it unpacks to more than 10 times its size/)
})
