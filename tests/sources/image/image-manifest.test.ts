import { describe, expect, test } from 'vitest'
import {
  blobRecord,
  type ImageOptions,
  imageRecords,
  type Layout,
  ociIndex,
  sha256,
  type TarRecord,
  tarOf,
} from '../../support/images.ts'
import { failureOfTar, imageIn } from './reading-image.ts'

const layers = [{ 'a.py': '1' }, { 'b.py': '2' }]

/** The tar of an image without some records, and with others in their place. */
async function tarWith(without: RegExp, records: readonly TarRecord[], options: ImageOptions = {}): Promise<Buffer> {
  const kept = (await imageRecords(layers, options)).filter(({ name }) => !without.test(name))
  return tarOf([...kept, ...records])
}

function withManifest(content: string): Promise<Buffer> {
  return tarWith(/^manifest\.json$/, [{ name: 'manifest.json', content }])
}

function withIndex(content: string): Promise<Buffer> {
  return tarWith(/^index\.json$/, [{ name: 'index.json', content }], { layout: 'oci' })
}

async function withConfiguration(configuration: Readonly<Record<string, unknown>>): Promise<Buffer> {
  return tarOf(await imageRecords(layers, { configuration }))
}

/** Two images in one tar. */
async function twoImages(layout: Layout): Promise<Buffer> {
  const one = await imageRecords(layers, { layout, tags: ['example:1'] })
  const two = await imageRecords(layers, { layout, tags: ['example:2'], workingDirectory: '/other' })
  const listing = layout === 'oci' ? 'index.json' : 'manifest.json'
  const [first, second] = [one, two].map(records => JSON.parse(String(records.find(r => r.name === listing)!.content)))
  const both = layout === 'oci' ? { manifests: [...first.manifests, ...second.manifests] } : [...first, ...second]
  return tarOf([...one, ...two, { name: listing, content: JSON.stringify(both) }])
}

const noImage = 'it holds neither manifest.json nor index.json: it is no image; make it with docker save'
const severalImages = 'it holds several images, "example:1", "example:2": save the one to be looked at'

describe('what is no image, or not as it should be', () => {
  test.each<[string, () => Promise<Uint8Array>, string | RegExp]>([
    ['an empty file', async () => Buffer.alloc(0), 'it is empty'],
    ['no tar', async () => Buffer.alloc(2000, 'x'), 'it is not a tar'],
    ['less than a block', async () => Buffer.from('{}'), 'it is cut off; save it again'],
    ['zeros', async () => Buffer.alloc(1024), noImage],
    ['one block of zeros', async () => Buffer.alloc(512), /^it is cut off or damaged: its end is not marked/],
    ['another tar', () => tarOf({ 'a.py': '1' }), noImage],
    ['no configuration', () => tarWith(/^[0-9a-f]{64}\.json$/, []), /^"[0-9a-f]{64}\.json" is missing/],
    ['no layer', () => tarWith(/layer\.tar$/, []), /^layer 0, "COPY layer-0 \.": it is missing/],
    ['no blobs', () => tarWith(/^blobs\//, [], { layout: 'oci' }), /^"blobs\/sha256\/[0-9a-f]{64}" is missing/],
    ['a manifest that is no JSON', () => withManifest('[{'), '"manifest.json" is not JSON; save the image again'],
    ['a manifest that is text', () => withManifest('hello'), /^"manifest\.json" is not JSON, or too large/],
    ['a manifest that is an object', () => withManifest('{}'), /^its manifest\.json is no list of images/],
    ['a manifest of nothing', () => withManifest('[]'), 'its manifest lists no image; save it again'],
    ['a manifest of numbers', () => withManifest('[1]'), /^its manifest\.json is no list of images/],
    ['a manifest without layers', () => withManifest('[{"Config":"a"}]'), /names no Config or no Layers/],
    ['a manifest with odd layers', () => withManifest('[{"Config":"a","Layers":[1]}]'), /names no Config or no Layers/],
    ['a configuration outside', () => withManifest('[{"Config":"../a","Layers":[]}]'), /names no Config or no Layers/],
    ['an index that lists nothing', () => withIndex('{}'), 'its index lists no manifests; save it again'],
    ['an index of nothing', () => withIndex('{"manifests":[]}'), 'its manifest lists no image; save it again'],
    ['an index of another digest', () => withIndex('{"manifests":[{"digest":"sha512:0"}]}'), /states no SHA-256/],
    ['no rootfs', () => withConfiguration({ rootfs: undefined }), /^its configuration lists no diff_ids under rootfs/],
    [
      'odd diff ids',
      () => withConfiguration({ rootfs: { diff_ids: ['md5:0'] } }),
      /^its configuration lists no diff_ids/,
    ],
    [
      'fewer layers',
      () => withConfiguration({ rootfs: { diff_ids: [] }, history: [] }),
      /lists 0 layers, its manifest 2;/,
    ],
    [
      'too many layers',
      () => withConfiguration({ rootfs: { diff_ids: Array(1001).fill(`sha256:${sha256('')}`) } }),
      'it has over 1000 layers, which is the most that is read',
    ],
    [
      'a history of fewer',
      () => withConfiguration({ history: [{ created_by: 'ADD' }] }),
      /tells of 1 layers and it has 2/,
    ],
    ['a history of more', () => withConfiguration({ history: [{}, {}, {}] }), /tells of 3 layers and it has 2/],
    ['an odd history', () => withConfiguration({ history: ['x'] }), /^the history of its configuration is no list/],
    ['a WorkingDir outside', () => withConfiguration({ config: { WorkingDir: '/../x' } }), /^the WorkingDir of its/],
    ['an odd Env', () => withConfiguration({ config: { Env: { A: 1 } } }), /^the Env of its configuration/],
    ['two images', () => twoImages('docker'), severalImages],
    ['two images in the legacy layout', () => twoImages('legacy'), severalImages],
    ['two images in an index', () => twoImages('oci'), severalImages],
  ])('%s', async (_name, tar, message) => {
    const failure = await failureOfTar(await tar())
    if (typeof message === 'string') expect(failure).toBe(message)
    else expect(failure).toMatch(message)
  })

  test('a changed OCI manifest', async () => {
    const tar = await tarOf(await imageRecords(layers, { layout: 'oci' }))
    tar[tar.indexOf('"schemaVersion":2,"config"') + 16] = 0x33
    expect(await failureOfTar(tar)).toMatch(/^"blobs\/sha256\/[0-9a-f]{64}" is not what its digest says/)
  })
})

test.each<[string, unknown, readonly (string | null)[]]>([
  ['no history', undefined, [null, null]],
  ['an empty history', [], [null, null]],
  [
    'steps that made no layer',
    [
      { created_by: 'ADD rootfs.tar /' },
      { created_by: 'ENV A=1', empty_layer: true },
      { created_by: 'COPY . .', empty_layer: false },
      { created_by: 'CMD python main.py', empty_layer: true },
    ],
    ['ADD rootfs.tar /', 'COPY . .'],
  ],
  [
    'what buildah makes one layer of, by its last instruction',
    [
      { comment: 'Imported from -' },
      { created_by: '/bin/sh -c #(nop) WORKDIR /srv', empty_layer: true },
      { created_by: '/bin/sh -c #(nop) COPY dir:25d84924 in app ', empty_layer: true },
      { created_by: '/bin/sh -c #(nop) ENV A=1', empty_layer: true },
      { created_by: "/bin/sh -c sed -i 's/y/z/' app/b.py", empty_layer: true },
      { created_by: '/bin/sh -c #(nop) CMD ["python3"]', comment: 'FROM a68eabc69266' },
    ],
    [null, "one of /bin/sh -c #(nop) COPY dir:25d84924 in app ; /bin/sh -c sed -i 's/y/z/' app/b.py"],
  ],
  [
    'what docker build --squash makes one layer of',
    [
      { created_by: 'ADD rootfs.tar /' },
      { created_by: 'COPY . . # buildkit', empty_layer: true },
      { comment: 'merge sha256:1 to sha256:2' },
    ],
    ['ADD rootfs.tar /', 'COPY . . # buildkit'],
  ],
  [
    'a RUN that changed nothing',
    [
      { created_by: 'ADD rootfs.tar /' },
      { created_by: '/bin/sh -c true', empty_layer: true },
      { created_by: '/bin/sh -c #(nop) COPY dir:1 in app ' },
    ],
    ['ADD rootfs.tar /', '/bin/sh -c #(nop) COPY dir:1 in app '],
  ],
  ['steps that say nothing', [{ comment: 'imported' }, { created_by: '' }], [null, null]],
])('%s', async (_name, history, instructions) => {
  const tar = await withConfiguration({ history })
  const { image } = await imageIn(() => tar)
  expect(image.layers.map(layer => layer.createdBy)).toEqual(instructions)
})

test('no config in the configuration', async () => {
  const tar = await withConfiguration({ config: null })
  const { image } = await imageIn(() => tar)
  expect([image.workingDirectory, image.environment.size]).toEqual(['', 0])
})

test('an image named twice is one image, and what is attested of it is none', async () => {
  const records = await imageRecords(layers, { layout: 'oci' })
  const manifest = records.find(({ content }) => String(content).includes('"schemaVersion":2,"config"'))!
    .content as Buffer
  const listed = JSON.parse(String(ociIndex([{ manifest, tag: 'a' }]).content)).manifests[0]
  const attestation = {
    ...listed,
    digest: `sha256:${sha256('')}`,
    annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
  }
  const inner = Buffer.from(JSON.stringify({ manifests: [{ ...listed, annotations: {} }, attestation] }))
  const index = ociIndex([
    { manifest, tag: 'a' },
    { manifest: inner, tag: 'b' },
  ])
  const tar = await tarOf([...records.filter(({ name }) => name !== 'index.json'), blobRecord(inner), index])
  expect((await imageIn(() => tar)).image.layers).toHaveLength(2)
})
