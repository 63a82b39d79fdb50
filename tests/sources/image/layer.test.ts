import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { textOfName } from '../../../src/model/path.ts'
import { imageRecords, type LayerContent, type TarRecord, tarOf } from '../../support/images.ts'
import { failureOfTar, imageIn, listEntries } from './reading-image.ts'

async function imageOf(layer: LayerContent, compress = (tar: Buffer) => tar) {
  const tar = await tarOf(await imageRecords([layer], { compress }))
  return imageIn(() => tar)
}

test('every kind of record', async () => {
  const records: TarRecord[] = [
    { name: './', type: 'directory' },
    { name: 'app/', type: 'directory' },
    { name: 'app/main.py', content: 'x = 1\n' },
    { name: 'app/hard.py', type: 'link', linkname: './app/main.py' },
    { name: 'app/soft.py', type: 'symlink', linkname: '../app/./main.py' },
    { name: 'dev/null', type: 'character-device' },
    { name: 'dev/sda', type: 'block-device' },
    { name: 'run/fifo', type: 'fifo' },
    { name: 'lib/.wh..wh..opq' },
    { name: '.wh..wh..opq' },
    { name: 'app/.wh.old.py' },
    { name: '.wh.gone' },
    { name: '.wh..wh.plnk/', type: 'directory' },
    { name: '.wh..wh.plnk/1.2', content: 'aufs' },
    { name: 'app/.wh..wh.aufs' },
    { name: 'app/main.py', content: 'x = 2\n' },
  ]
  expect(await listEntries(await imageOf(records))).toEqual([
    '0 directory',
    '0 directory app',
    '0 file app/main.py x = 1',
    '0 hardlink app/hard.py app/main.py',
    '0 symlink app/soft.py ../app/./main.py',
    '0 special dev/null',
    '0 special dev/sda',
    '0 special run/fifo',
    '0 opaque lib',
    '0 opaque',
    '0 whiteout app/old.py',
    '0 whiteout gone',
    '0 file app/main.py x = 2',
  ])
})

test.each<[string, LayerContent, RegExp]>([
  ['an entry that leads out', { 'app/../../x.py': '' }, /the entry "app\/\.\.\/\.\.\/x\.py" leads out of the image/],
  ['a whiteout that leads out', { 'app/.wh...': '' }, /the entry "app\/\.\." leads out of the image/],
  ['a hard link that leads out', [{ name: 'a', type: 'link', linkname: '../b' }], /the entry "\.\.\/b" leads out/],
  ['a name that a terminal would obey', { '../\u001b[2J\u202e': '' }, /the entry "\.\.\/\\u001b\[2J\\u202e" leads out/],
  ['a file as the root', { '.': '' }, /an entry that is no directory stands for the root/],
  ['a GNU sparse file', [{ name: 'a', pax: { 'GNU.sparse.major': '1' } }], /"a" is a GNU sparse file/],
  ['no tar', Buffer.alloc(600, 'x'), /it is not a tar$/],
])('%s is refused, and the layer named', async (_name, layer, message) => {
  const failure = await failureOfTar(await tarOf(await imageRecords([layer])))
  expect(failure).toMatch(/^layer 0, "COPY layer-0 \.": /)
  expect(failure).toMatch(message)
})

test.each([
  [
    'xz',
    Buffer.from('fd377a585a00', 'hex'),
    /: it is compressed with xz, which is not read; save it uncompressed, or with gzip or zstd/,
  ],
  ['bzip2', Buffer.from('BZh91AY'), /: it is compressed with bzip2, /],
  [
    'a cut gzip',
    gzipSync(await tarOf({ 'a.py': '1' })).subarray(0, -4),
    /: its gzip data is cut off or damaged; save it/,
  ],
  ['a broken gzip', Buffer.from('1f8b08ffffffffffffffffff', 'hex'), /: its gzip data is cut off or damaged; save it/],
])('%s is refused, and the layer named', async (_name, blob, message) => {
  const failure = await failureOfTar(await tarOf(await imageRecords([{ 'a.py': '1' }], { compress: () => blob })))
  expect(failure).toMatch(/^layer 0, "COPY layer-0 \.": /)
  expect(failure).toMatch(message)
})

test('an instruction is shown on one line and not at length', async () => {
  const instructions = [`RUN \u001b[2J\n${'x'.repeat(1000)}`]
  const tar = await tarOf(await imageRecords([Buffer.alloc(600, 'x')], { instructions }))
  expect(await failureOfTar(tar)).toMatch(/^layer 0, "RUN \\u001b\[2J\\nx{111}…": it is not a tar$/)
})

test.each([
  ['stored', (tar: Buffer) => tar],
  ['compressed', gzipSync],
])('an empty layer without an end, %s', async (_name, compress) => {
  expect(await listEntries(await imageOf(Buffer.alloc(0), compress))).toEqual([])
})

test('what stands behind the end of a layer is not part of it', async () => {
  const [one, two] = [await tarOf({ 'a.py': '1' }), await tarOf({ 'b.py': '2' })]
  expect(await listEntries(await imageOf(Buffer.concat([one, two])))).toEqual(['0 file a.py 1'])
})

test('names whose bytes are no UTF-8', async () => {
  const name = Buffer.from('caf\xe9.py', 'latin1')
  const plain = await tarOf([{ name: 'caf_.py', content: '1' }])
  plain[3] = 0xe9
  plain.write((Number.parseInt(plain.toString('latin1', 148, 154), 8) + 0xe9 - 0x5f).toString(8).padStart(6, '0'), 148)
  const pax = await tarOf([{ name: 'x', content: '2', pax: { path: 'caf_.py', linkpath: 'caf_.py' } }])
  for (let at = pax.indexOf('caf_'); at >= 0; at = pax.indexOf('caf_')) pax[at + 3] = 0xe9
  expect(await listEntries(await imageOf(plain))).toEqual([`0 file ${textOfName(name)} 1`])
  expect(await listEntries(await imageOf(pax))).toEqual([`0 file ${textOfName(name)} 2`])
})

test('a body that is not read, or not to its end, is skipped, and cannot be read later or twice', async () => {
  const big = 'x'.repeat(300_000)
  const source = await imageOf({ 'a.py': big, 'b.py': big, 'c.py': '1' })
  const bodies: [string, () => AsyncIterable<Uint8Array>][] = []
  for await (const entry of source.entries()) {
    if (entry.kind !== 'file') continue
    bodies.push([entry.path, entry.body])
    if (entry.path !== 'b.py') continue
    for await (const chunk of entry.body()) {
      expect(chunk.length).toBeLessThan(big.length)
      break
    }
  }
  expect(bodies.map(([path]) => path)).toEqual(['a.py', 'b.py', 'c.py'])
  for (const [, body] of bodies) await expect(body()[Symbol.asyncIterator]().next()).rejects.toThrow('once')
})

test('a body that is held while the next entry is asked for does not end early', async () => {
  const entries = (await imageOf({ 'a.py': 'x'.repeat(300_000), 'b.py': '' })).entries()[Symbol.asyncIterator]()
  const first = (await entries.next()).value
  if (first?.kind !== 'file') throw new Error('the first entry is a file')
  const held = first.body()[Symbol.asyncIterator]()
  await held.next()
  await entries.next()
  await expect(held.next()).rejects.toThrow('before the next entry')
  await entries.return?.()
})
