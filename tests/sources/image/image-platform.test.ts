import { describe, expect, test } from 'vitest'
import { fits, hostPlatform, parsePlatform, platformTitle } from '../../../src/sources/image/image-platform.ts'
import { blobRecord, imageRecords, type Layout, ociIndex, type TarRecord, tarOf } from '../../support/images.ts'
import { failureOf, imageIn } from './reading-image.ts'

test.each([
  ['linux/amd64', 'linux/amd64'],
  ['linux/x86_64', 'linux/amd64'],
  ['Linux/AArch64', 'linux/arm64'],
  ['linux/arm/v7', 'linux/arm/v7'],
])('%s is %s', (text, title) => expect(platformTitle(parsePlatform(text))).toBe(title))

test.each(['', 'linux', 'amd64/', 'linux/amd64/v1/x', 'linux amd64'])('%j is no platform', text => {
  expect(() => parsePlatform(text)).toThrow(/^--platform ".*": write os\/architecture, as linux\/amd64/)
})

test.each([
  ['x64', 'linux/amd64'],
  ['arm64', 'linux/arm64'],
  ['s390x', 'linux/s390x'],
])('on %s, containers are for %s', (architecture, title) => {
  expect(platformTitle(hostPlatform(architecture))).toBe(title)
})

test.each([
  ['linux/arm64', 'linux/arm64/v8', true],
  ['linux/arm64/v8', 'linux/arm64', true],
  ['linux/arm64/v9', 'linux/arm64/v8', false],
  ['linux/arm/v6', 'linux/arm', true],
  ['linux/arm/v6', 'linux/arm/v7', false],
  ['windows/amd64', 'linux/amd64', false],
])('an image for %s, where %s is wanted: %s', (image, wanted, expected) => {
  expect(fits(parsePlatform(image), parsePlatform(wanted))).toBe(expected)
})

/** The records of an image for a platform that its configuration names, and its index's descriptor. */
async function imageFor(name: string, layout: Layout) {
  const platform = parsePlatform(name)
  const { variant, ...fields } = platform
  const configuration = { ...fields, ...(variant === null ? {} : { variant }) }
  const records = await imageRecords([{ 'a.py': `# ${name}` }], { layout, configuration, tags: [name] })
  const listing = records.find(each => each.name === (layout === 'legacy' ? 'manifest.json' : 'index.json'))!
  return { platform, listing: JSON.parse(String(listing.content)), records: records.filter(each => each !== listing) }
}

type Made = Awaited<ReturnType<typeof imageFor>>

/** An index over an index over all of them, as BuildKit writes it. */
function oci(images: readonly Made[], says: boolean, listed: readonly Made[] = images): Promise<Buffer> {
  const manifests = listed.map(({ listing, platform }) => ({
    ...listing.manifests[0],
    annotations: {},
    ...(says ? { platform } : {}),
  }))
  const inner = Buffer.from(JSON.stringify({ manifests }))
  return tarOf([
    ...images.flatMap(({ records }) => records),
    blobRecord(inner),
    ociIndex([{ manifest: inner, tag: 'x' }]),
  ])
}

function docker(images: readonly Made[]): Promise<Buffer> {
  const all: TarRecord[] = images.flatMap(({ records }) => records)
  return tarOf([...all, { name: 'manifest.json', content: JSON.stringify(images.flatMap(({ listing }) => listing)) }])
}

const names = ['linux/amd64', 'linux/arm/v6', 'linux/arm/v7', 'windows/amd64']

describe.each<[string, Layout, (images: readonly Made[]) => Promise<Buffer>]>([
  ['an index that names platforms', 'oci', images => oci(images, true)],
  ['an index that names none', 'oci', images => oci(images, false)],
  ['a manifest.json', 'legacy', docker],
])('images for several platforms in %s', (_name, layout, pack) => {
  test('the wanted one is taken', async () => {
    const tar = await pack(await Promise.all(names.map(name => imageFor(name, layout))))
    for (const name of names) {
      const { image, remarks } = await imageIn(() => tar, 100_000, parsePlatform(name))
      expect([platformTitle(image.platform!), remarks]).toEqual([name, []])
    }
  })

  test('without a word, that of the host', async () => {
    const host = platformTitle(hostPlatform())
    const tar = await pack(await Promise.all(['plan9/386', host].map(name => imageFor(name, layout))))
    expect(platformTitle((await imageIn(() => tar)).image.platform!)).toBe(host)
  })

  test('none of them is wanted, or several are', async () => {
    const tar = await pack(await Promise.all(names.map(name => imageFor(name, layout))))
    expect(await failureOf(imageIn(() => tar, 100_000, parsePlatform('linux/s390x')))).toBe(
      'it holds images for "linux/amd64", "linux/arm/v6", "linux/arm/v7", "windows/amd64", and none for linux/s390x: name one of them with --platform',
    )
    expect(await failureOf(imageIn(() => tar, 100_000, parsePlatform('linux/arm')))).toMatch(/^it holds several images/)
  })

  test('the only one is taken, and said to be another', async () => {
    const tar = await pack([await imageFor('linux/arm/v7', layout)])
    const { remarks } = await imageIn(() => tar, 100_000, parsePlatform('linux/arm64'))
    expect(remarks).toEqual(['image is for linux/arm/v7, not for linux/arm64, and there is no other to choose'])
    expect((await imageIn(() => tar)).remarks).toEqual([])
  })
})

test('an index may list more than was saved', async () => {
  const [saved, left] = await Promise.all([imageFor('linux/amd64', 'oci'), imageFor('linux/arm64', 'oci')])
  const tar = await oci([saved], true, [left, saved])
  expect(platformTitle((await imageIn(() => tar)).image.platform!)).toBe('linux/amd64')
  const nothing = await oci([], true, [left])
  const digest = left.listing.manifests[0].digest.replace('sha256:', '')
  expect(await failureOf(imageIn(() => nothing))).toBe(`"blobs/sha256/${digest}" is missing; save the image again`)
})
