import { execa } from 'execa'
import { describe, expect, test } from 'vitest'
import { zstdUnpacked } from '../../../src/sources/archive/zstd.ts'
import { ByteReader } from '../../../src/sources/byte-reader.ts'
import { failureOfImage } from '../../../src/sources/failure.ts'
import { drain } from '../../support/drain.ts'
import { imageRecords, tarOf } from '../../support/images.ts'
import { testNeeding } from '../../support/needs.ts'
import { failureOf, failureOfTar, imageIn, listEntries } from '../image/reading-image.ts'

const zstd = { name: 'zstd', present: (await execa('zstd', ['--version'], { reject: false })).exitCode === 0 }
const hasNative = 'createZstdDecompress' in (await import('node:zlib'))

/** As the program itself packs it, which tells the size in the header only where it reads a file. */
async function packed(bytes: Uint8Array, ...options: string[]): Promise<Buffer> {
  const { stdout } = await execa('zstd', ['--quiet', '--stdout', ...options], {
    input: bytes,
    encoding: 'buffer',
    stripFinalNewline: false,
  })
  return Buffer.from(stdout)
}

async function unpacked(data: Uint8Array, native: boolean, pieceSize = 1000): Promise<Buffer> {
  async function* chunks() {
    for (let at = 0; at < data.length; at += pieceSize) yield data.subarray(at, at + pieceSize)
  }
  await using reader = new ByteReader(chunks())
  return Buffer.concat(await drain(zstdUnpacked(reader, failureOfImage('image.tar'), native)))
}

/** Compresses to blocks of every kind: stored, repeated and compressed. */
const noise = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * i * 2654435761) >>> 13))
const text = Buffer.concat([noise, Buffer.alloc(1_000_000, 'x = 1\n'), Buffer.alloc(400_000), noise])

const skippable = Buffer.from('502a4d1803000000616263', 'hex')

describe.each([['in JavaScript', false], ...(hasNative ? [['by Node', true] as const] : [])] as const)(
  '%s',
  (_, native) => {
    testNeeding(zstd)('it unpacks what zstd packs', async () => {
      for (const options of [['-1'], ['-19'], ['--ultra', '-22'], ['--no-check'], ['--long=27'], ['--fast=5']]) {
        for (const bytes of [text, Buffer.alloc(0), Buffer.from('a')]) {
          expect((await unpacked(await packed(bytes, ...options), native)).equals(bytes), options.join(' ')).toBe(true)
        }
      }
    })

    testNeeding(zstd)('frame after frame, and not those that are to be skipped', async () => {
      const frames = [skippable, await packed(text), skippable, await packed(Buffer.from('y = 2\n')), skippable]
      for (const size of [1, 17, 100_000]) {
        const bytes = await unpacked(Buffer.concat(frames), native, size)
        expect(bytes.equals(Buffer.concat([text, Buffer.from('y = 2\n')]))).toBe(true)
      }
    })

    testNeeding(zstd)('cut off anywhere but between two frames, it is never whole', async () => {
      const data = await packed(Buffer.from('x = 1\n'.repeat(100)))
      for (let size = 1; size < data.length; size++) {
        expect(await failureOf(unpacked(data.subarray(0, size), native)), `${size}`).toMatch(
          /^its zstd data is cut off/,
        )
      }
    })

    testNeeding(zstd)('what needs more than 128 MiB to be unpacked is not', async () => {
      const bomb = await packed(Buffer.alloc(1_000_000), '--long=28')
      expect(await failureOf(unpacked(bomb, native))).toMatch(/^its zstd data needs a window of over 128 MiB/)
    })

    test('a size that is not told', async () => {
      const claims = Buffer.from('28b52ffde0ffffffffffffff7f01000061', 'hex')
      expect(await failureOf(unpacked(claims, native))).toMatch(/window of over 128 MiB/)
      const blocks = Buffer.from('28b52ffd0058ffffff', 'hex')
      expect(await failureOf(unpacked(blocks, native))).toMatch(/cut off or damaged/)
    })
  },
)

testNeeding(zstd)('layers and whole files that zstd packed', async () => {
  const tar = await tarOf({ 'app/main.py': 'x = 1\n' })
  const layer = await packed(tar)
  for (const layout of ['legacy', 'docker', 'oci'] as const) {
    const records = await imageRecords([{ 'app/main.py': 'x = 1\n' }], { layout, compress: () => layer })
    const image = await tarOf(records)
    expect(await listEntries(await imageIn(() => image))).toEqual(['0 file app/main.py x = 1'])
  }
  const cut = await imageRecords([{ 'app/main.py': 'x = 1\n' }], { compress: () => layer.subarray(0, -6) })
  expect(await failureOfTar(await tarOf(cut))).toMatch(
    /^layer 0, "COPY layer-0 \.": its zstd data is cut off or damaged/,
  )
})
