import { mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { execa } from 'execa'
import { describe, expect, test } from 'vitest'
import { image } from '../../../src/sources/image/image.ts'
import { ociFolder } from '../../../src/sources/image/oci-folder.ts'
import { type ImageOptions, imageRecords, saveImage, type TarRecord, tarOf } from '../../support/images.ts'
import { testNeeding } from '../../support/needs.ts'
import { temporaryFolder } from '../../support/temporary.ts'
import { failureOf, imageIn, listEntries } from './reading-image.ts'

const skopeo = { name: 'skopeo', present: (await execa('skopeo', ['--version'], { reject: false })).exitCode === 0 }
const links = { name: 'symbolic links', present: process.platform !== 'win32' }

const layers = [{ 'app/main.py': 'x = 1\n', 'app/other.py': 'y = 1\n' }, { 'app/main.py': 'x = 2\n' }]

async function layout(folder: string, options: ImageOptions = {}): Promise<readonly TarRecord[]> {
  const records = await imageRecords(layers, { layout: 'oci', compress: gzipSync, ...options })
  for (const { name, content, type } of records) {
    if (type === 'directory') continue
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), content!)
  }
  return records
}

/** Of the upper layer, as the manifest lists it. */
function layerName(records: readonly TarRecord[], index: number): string {
  const manifest = records.find(({ content }) => String(content).includes('"schemaVersion":2,"config"'))!.content!
  return `blobs/${JSON.parse(String(manifest)).layers[index].digest.replace(':', '/')}`
}

test('a folder holds what a tar of it holds', async () => {
  await using folder = await temporaryFolder()
  const tar = await tarOf(await layout(folder.path))
  const source = await image(folder.path, { name: 'cloud', directory: '.', environment: {}, platform: null })
  const same = await imageIn(() => tar)
  expect(source.stage).toEqual({ ...same.stage, name: 'cloud', kind: 'oci-layout' })
  expect(source.image).toEqual(same.image)
  expect(await source.manifestDigests!()).toEqual(await same.manifestDigests!())
  const entries = (await listEntries(source)).sort()
  expect(entries).toEqual(['0 file app/main.py x = 1', '0 file app/other.py y = 1', '1 file app/main.py x = 2'])
})

testNeeding(skopeo)('a folder that skopeo wrote', async () => {
  await using folder = await temporaryFolder()
  const [tar, copy] = [join(folder.path, 'image.tar'), join(folder.path, 'layout')]
  await saveImage(tar, layers)
  await execa('skopeo', ['--insecure-policy', 'copy', `docker-archive:${tar}`, `oci:${copy}`])
  const source = await ociFolder(copy, 'image')
  expect(source.stage.kind).toBe('oci-layout')
  expect((await listEntries(source)).sort()).toHaveLength(3)
})

describe('a folder that is not as it should be', () => {
  test('no layout', async () => {
    await using folder = await temporaryFolder()
    expect(await failureOf(ociFolder(folder.path, 'image'))).toMatch(
      /^it is a folder without index\.json: no OCI layout/,
    )
    await writeFile(join(folder.path, 'index.json'), '{"manifests":[]}')
    expect(await failureOf(ociFolder(folder.path, 'image'))).toBe('its manifest lists no image; save it again')
  })

  test('a blob that was changed, or is gone', async () => {
    await using folder = await temporaryFolder()
    const records = await layout(folder.path, { compress: tar => tar, instructions: ['ADD / /', 'COPY . .'] })
    const source = await ociFolder(folder.path, 'image')
    const layer = join(folder.path, layerName(records, 1))
    const bytes = await readFile(layer)
    bytes[bytes.indexOf('x = 2')] = 0x79
    await writeFile(layer, bytes)
    expect(await failureOf(listEntries(source))).toMatch(/^layer 1, "COPY \. \.": it is not what its digest sha256:/)
    await rm(layer)
    expect(await failureOf(listEntries(source))).toMatch(/^layer 1, "COPY \. \.": it is gone, the image changed/)
    expect(await failureOf(ociFolder(folder.path, 'image'))).toBe(
      'layer 1, "COPY . .": it is missing; save the image again',
    )
  })

  test('a digest that leads out of the folder', async () => {
    await using folder = await temporaryFolder()
    await layout(folder.path)
    await writeFile(join(folder.path, 'index.json'), '{"manifests":[{"digest":"sha256:../../../etc/passwd"}]}')
    expect(await failureOf(ociFolder(folder.path, 'image'))).toMatch(/^a descriptor of its index states no SHA-256/)
  })

  testNeeding(links)('links to elsewhere', async () => {
    for (const linked of ['index.json', 'blobs', 'blobs/sha256', 'layer']) {
      await using folder = await temporaryFolder()
      const place = join(folder.path, 'layout')
      const records = await layout(place)
      const name = join(place, linked === 'layer' ? layerName(records, 0) : linked)
      await rename(name, join(folder.path, 'elsewhere'))
      await symlink(join(folder.path, 'elsewhere'), name)
      expect(await failureOf(ociFolder(place, 'image'))).toMatch(/^"\S+" is a symbolic link, and none is followed/)
    }
  })
})
