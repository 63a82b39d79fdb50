import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { parsePath } from '../../../src/model/path.ts'
import { failureOfImage } from '../../../src/sources/failure.ts'
import { savedImage, tarMedium } from '../../../src/sources/image/image-saved.ts'
import { dockerManifest, imageRecords, type Layout, sha256, tarOf } from '../../support/images.ts'
import { failureOfTar, imageIn, listEntries } from './reading-image.ts'

const layers = [
  { 'app/main.py': 'x = 1\n', './app/empty.py': '', 'etc/os-release': 'ID=none\n' },
  { '/app/main.py': 'x = 2\n' },
]
const expected = [
  '0 file app/main.py x = 1',
  '0 file app/empty.py',
  '0 file etc/os-release ID=none',
  '1 file app/main.py x = 2',
]

async function listTar(tar: Uint8Array): Promise<string[]> {
  return listEntries(await imageIn(() => tar))
}

describe.each<Layout>(['legacy', 'docker', 'oci'])('in the %s layout', layout => {
  test('an image says what it is', async () => {
    const instructions = ['ADD rootfs.tar /', 'COPY . .']
    const environment = ['PATH=/bin', 'A=1=2', 'EMPTY=', 'BARE', 'PATH=/usr/bin']
    const config = {
      Env: environment,
      WorkingDir: '/srv/app/',
      User: 'app:app',
      Volumes: { '/srv/b': {}, '/a': {} },
      Labels: { a: 'b', c: 1 },
    }
    const started = { Entrypoint: ['/bin/sh', '-c', 'exec python3 main.py'], Cmd: null }
    const platform = { os: 'linux', architecture: 'arm', variant: 'v7' }
    const configuration = { ...platform, config: { ...config, ...started } }
    const options = { layout, instructions, configuration }
    const records = await imageRecords(layers, options)
    const { stage, image } = await imageIn(await tarIn(records))
    const document = records.find(({ content }) => String(content).includes('"diff_ids"'))!.content!
    expect(stage).toEqual({
      name: 'image',
      place: 'image',
      kind: layout === 'oci' ? 'oci-layout' : 'docker-archive',
      reference: `sha256:${sha256(document)}`,
    })
    const diffIds = await Promise.all(layers.map(async layer => `sha256:${sha256(await tarOf(layer))}`))
    expect(image).toEqual({
      layers: diffIds.map((diffId, index) => ({ diffId, createdBy: instructions[index] })),
      workingDirectory: 'srv/app',
      environment: new Map(Object.entries({ PATH: '/usr/bin', A: '1=2', EMPTY: '', BARE: '' })),
      entrypoint: started.Entrypoint,
      command: [],
      labels: new Map([['a', 'b']]),
      user: 'app:app',
      volumes: ['a', 'srv/b'],
      platform,
    })
  })

  test('every record is listed with its layer, and again when asked again', async () => {
    const source = await imageIn(await tarIn(await imageRecords(layers, { layout })))
    expect(await listEntries(source)).toEqual(expected)
    expect(await listEntries(source)).toEqual(expected)
  })

  test('with only, the records of those paths in every layer', async () => {
    const source = await imageIn(await tarIn(await imageRecords(layers, { layout })))
    expect(await listEntries(source, new Set([parsePath('app/main.py')!]))).toEqual([expected[0], expected[3]])
  })

  test.each([1, 511, 513])('however it comes: in pieces of %i bytes', async size => {
    const source = await imageIn(await tarIn(await imageRecords(layers, { layout, compress: gzipSync })), size)
    expect(await listEntries(source)).toEqual(expected)
  })

  test.each([
    ['compressed layers', gzipSync],
    ['layers of several gzip members', inTwoMembers],
  ])('%s', async (_name, compress) => {
    expect(await listTar(await tarOf(await imageRecords(layers, { layout, compress })))).toEqual(expected)
  })

  test('padding behind the end', async () => {
    const tar = await tarOf(await imageRecords(layers, { layout }))
    expect(await listTar(Buffer.concat([tar, Buffer.alloc(9 * 1024)]))).toEqual(expected)
  })

  test('layers come in the order of the tar, whatever it is', async () => {
    const listed = await listTar(await tarOf((await imageRecords(layers, { layout })).toReversed()))
    expect(listed).toEqual([...expected.slice(3), ...expected.slice(0, 3)])
  })

  test('cut off anywhere, it is never whole', async () => {
    const whole = await tarOf(await imageRecords([{ 'a.py': 'x = 1\n' }], { layout }))
    let tar = whole
    const source = await imageIn(() => tar)
    const outcomes = new Set<string>()
    for (let size = whole.length - 1; size >= 0; size--) {
      tar = whole.subarray(0, size)
      for (const read of [() => imageIn(() => tar), () => listEntries(source)]) {
        outcomes.add(await read().then(() => `whole with ${size} bytes`, String))
      }
    }
    const failure = (problem: string) => `VerifierError: cannot read the image "image.tar": ${problem}; save it again`
    expect(outcomes).toEqual(
      new Set([
        failure('it is cut off or damaged: its end is not marked by two zero blocks'),
        failure('it is cut off'),
        'VerifierError: cannot read the image "image.tar": it is empty',
      ]),
    )
  })

  test('a changed byte of a layer is found', async () => {
    const tar = await tarOf(await imageRecords(layers, { layout, instructions: ['ADD / /', 'COPY . .'] }))
    tar[tar.indexOf('x = 2')] = 0x79
    expect(await failureOfTar(tar)).toMatch(
      /^layer 1, "COPY \. \.": it is not what its digest sha256:[0-9a-f]{64} says: the image is damaged; save it again$/,
    )
  })

  test('a changed byte of the configuration is found', async () => {
    const tar = await tarOf(await imageRecords(layers, { layout, workingDirectory: '/srv' }))
    tar[tar.indexOf('/srv')] = 0x2e
    expect(await failureOfTar(tar)).toMatch(/^"\S+" is not what its digest says: the image is damaged; save it again$/)
  })
})

/** An image of which each reading is counted, and each that was closed again. */
async function countedImage(failAfter: number) {
  const counts = { opened: 0, closed: 0 }
  const tar = await tarOf(await imageRecords([{ 'a.py': 'x'.repeat(50_000), 'b.py': '' }], { compress: gzipSync }))
  let limit = Number.POSITIVE_INFINITY
  async function* bytes() {
    counts.opened += 1
    try {
      for (let at = 0; at < tar.length; at += 100) {
        if (at > limit) throw new Error('the disk is gone')
        yield tar.subarray(at, at + 100)
      }
    } finally {
      counts.closed += 1
    }
  }
  const source = await savedImage(tarMedium(bytes, failureOfImage('image.tar')), { name: 'image', platform: null })
  limit = failAfter
  return { counts, source }
}

test('whoever stops reading closes the tar, within a body or between two', async () => {
  const { counts, source } = await countedImage(Number.POSITIVE_INFINITY)
  expect(counts).toEqual({ opened: 1, closed: 1 })
  for await (const entry of source.entries()) {
    if (entry.kind === 'file') for await (const chunk of entry.body()) if (chunk.length > 0) break
    expect(counts).toEqual({ opened: 2, closed: 1 })
    break
  }
  expect(counts).toEqual({ opened: 2, closed: 2 })
})

test.each([0, 600, 1700, 2700])('what the tar fails with after %i bytes is what reading fails with', async size => {
  const { counts, source } = await countedImage(size)
  await expect(listEntries(source)).rejects.toThrow(/the disk is gone|gzip data is cut off or damaged/)
  expect(counts).toEqual({ opened: 2, closed: 2 })
})

async function tarIn(records: Parameters<typeof tarOf>[0]): Promise<() => Buffer> {
  const tar = await tarOf(records)
  return () => tar
}

function inTwoMembers(tar: Buffer): Buffer {
  return Buffer.concat([gzipSync(tar.subarray(0, 700)), gzipSync(tar.subarray(700))])
}

test.each<[Layout, string[]]>([
  ['legacy', ['0 file a.py 1', '1 file a.py 2', '4 file a.py 1']],
  ['docker', ['4 file a.py 1', '1 file a.py 2']],
  ['oci', ['4 file a.py 1', '1 file a.py 2']],
])(
  'equal layers and empty ones in the %s layout: a file that is several layers is the highest of them',
  async (layout, listed) => {
    const content = [{ 'a.py': '1' }, { 'a.py': '2' }, {}, {}, { 'a.py': '1' }]
    expect(await listTar(await tarOf(await imageRecords(content, { layout })))).toEqual(listed)
  },
)

test('layers that old engines store as a link to an equal one', async () => {
  const records = await imageRecords([{ 'a.py': '1' }, { 'b.py': '2' }, { 'a.py': '1' }])
  const [first, , third] = records.filter(record => record.name.endsWith('/layer.tar'))
  const linked = { name: third!.name, type: 'symlink' as const, linkname: `../${first!.name}` }
  const tar = await tarOf(records.map(record => (record === third ? linked : record)))
  expect(await listTar(tar)).toEqual(['2 file a.py 1', '1 file b.py 2'])
})

test('a link that leads to itself', async () => {
  const records = await imageRecords([{ 'a.py': '1' }])
  const loop = { type: 'symlink' as const, linkname: 'layer.tar' }
  const tar = await tarOf(records.map(({ name, ...rest }) => ({ name, ...(/layer\.tar$/.test(name) ? loop : rest) })))
  expect(await failureOfTar(tar)).toBe('layer 0, "COPY layer-0 .": it is missing; save the image again')
})

test('layers as podman and skopeo name them', async () => {
  const layer = await tarOf({ 'a.py': '1' })
  const config = (await imageRecords([layer])).find(({ name }) => /^[0-9a-f]{64}\.json$/.test(name))!
  const name = `${sha256(layer)}.tar`
  const tar = await tarOf([{ name, content: layer }, config, dockerManifest(config.name, [name], [])])
  expect(await listTar(tar)).toEqual(['0 file a.py 1'])
})

test('one file as two layers with two digests', async () => {
  const records = await imageRecords(layers)
  const first = records.find(({ name }) => name.endsWith('/layer.tar'))!
  const config = records.find(({ name }) => /^[0-9a-f]{64}\.json$/.test(name))!
  const tar = await tarOf([...records.slice(0, -1), dockerManifest(config.name, [first.name, first.name], [])])
  expect(await failureOfTar(tar)).toMatch(/^layers 0 and 1 are one file and have two digests/)
})

test('a compressed blob that is another than its digest says, though the layer in it is right', async () => {
  const tar = await tarOf(await imageRecords([{ 'a.py': '1' }], { layout: 'oci', compress: gzipSync }))
  // The operating system in the header of gzip: nothing of the layer depends on it.
  const at = tar.indexOf(Buffer.from([0x1f, 0x8b, 0x08])) + 9
  tar[at] = tar[at]! ^ 0xff
  expect(await failureOfTar(tar)).toMatch(/^layer 0, "COPY layer-0 \.": it is not what its digest/)
})

test('an image that becomes another between two readings', async () => {
  let tar = await tarOf(await imageRecords(layers))
  const source = await imageIn(() => tar)
  tar = await tarOf(await imageRecords([{ 'other.py': '' }]))
  await expect(listEntries(source)).rejects.toThrow(/layer 0, "COPY layer-0 \.": it is gone, the image changed/)
})
