import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { firstbreak } from '../support/command-line.ts'
import { imageRecords, sha256, type TarRecord, tarOf } from '../support/images.ts'
import { makeRepository, writeFiles } from '../support/repository.ts'
import { temporaryFolder } from '../support/temporary.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeEach(async () => {
  folder = await temporaryFolder()
  await makeRepository(at('repository'), { 'app/a.py': 'a = 1\n', 'app/b.py': 'b = 1\n' })
})
afterEach(() => folder[Symbol.asyncDispose]())

const at = (name: string) => join(folder.path, name)

/** The image for one platform, as BuildKit pushes it: only the one for arm64 is as the source is. */
async function imageFor(architecture: string, variant?: string) {
  const layer = { 'srv/app/a.py': architecture === 'arm64' ? 'a = 1\n' : 'a = = 1\n', 'srv/app/b.py': 'b = 1\n' }
  const environment = ['PYTHON_VERSION=3.12.7']
  const configuration = { os: 'linux', architecture, config: { Env: environment, WorkingDir: '/srv' } }
  const records = await imageRecords([layer], { layout: 'oci', configuration })
  const index = records.find(({ name }) => name === 'index.json')!
  const [{ annotations: _, ...manifest }] = JSON.parse(String(index.content)).manifests
  const platform = { os: 'linux', architecture, ...(variant === undefined ? {} : { variant }) }
  return { manifest: { ...manifest, platform }, blobs: records.filter(each => each !== index) }
}

/** The layout of an image for several platforms: its index leads to one more, with what is attested of it beside. */
async function severalPlatforms(): Promise<readonly TarRecord[]> {
  const images = [await imageFor('amd64'), await imageFor('arm64'), await imageFor('arm', 'v7')]
  const attested = {
    ...images[0]!.manifest,
    digest: `sha256:${'0'.repeat(64)}`,
    platform: { os: 'unknown', architecture: 'unknown' },
  }
  const annotations = { 'vnd.docker.reference.type': 'attestation-manifest' }
  const list = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      manifests: [...images.map(({ manifest }) => manifest), { ...attested, annotations }],
    }),
  )
  const mediaType = 'application/vnd.oci.image.index.v1+json'
  const top = { schemaVersion: 2, manifests: [{ mediaType, digest: `sha256:${sha256(list)}`, size: list.length }] }
  const records = [
    ...images.flatMap(({ blobs }) => blobs),
    { name: `blobs/sha256/${sha256(list)}`, content: list },
    { name: 'index.json', content: JSON.stringify(top) },
  ]
  return [...new Map(records.map(each => [each.name, each])).values()]
}

async function run(image: string, platform: string) {
  const args = ['--interpreters', 'embedded', '--dev-python', '3.12', '--upload', 'none', '--format', 'json']
  const { code, out, err } = await firstbreak(
    at('repository'),
    [...args, '--image', at(image), '--platform', platform],
    {},
  )
  if (out === '') return { code, err: err.replaceAll(folder.path, '') }
  const report = JSON.parse(out)
  const codes = report.findings.map((finding: { code: string; path: string }) => `${finding.code} ${finding.path}`)
  return { code, codes, architecture: report.stages.at(-1).platform.architecture, remarks: report.remarks }
}

describe.each(['tar', 'folder'])('of an OCI layout in a %s', form => {
  const image = `image-${form}`
  beforeEach(async () => {
    const records = await severalPlatforms()
    if (form === 'tar') return writeFile(at(image), await tarOf(records))
    const files = records.filter(({ type }) => type !== 'directory').map(({ name, content }) => [name, content!])
    await writeFiles(at(image), Object.fromEntries(files))
  })

  test.each([
    ['linux/amd64', 1, ['altered-in-image app/a.py']],
    ['linux/arm64', 0, []],
    ['linux/arm/v7', 1, ['altered-in-image app/a.py']],
  ])('the image for %s is chosen', async (platform, code, codes) => {
    const architecture = platform.split('/')[1]
    expect(await run(image, platform)).toMatchObject({ code, codes, architecture })
  })

  test('a platform for which there is none is refused with those there are', async () => {
    const { code, err } = await run(image, 'linux/s390x')
    expect(code).toBe(2)
    expect(err).toContain(
      'it holds images for "linux/amd64", "linux/arm64", "linux/arm/v7", and none for linux/s390x: name one of them with --platform',
    )
  })
})

test('an image for one platform is looked at whatever was asked for, and that is said', async () => {
  await writeFile(at('image'), await tarOf([...(await imageFor('arm64')).blobs, await onlyIndex()]))
  expect(await run('image', 'linux/amd64')).toMatchObject({
    code: 0,
    architecture: 'arm64',
    remarks: expect.arrayContaining(['image is for linux/arm64, not for linux/amd64, and there is no other to choose']),
  })
})

test('a platform that is none is refused', async () => {
  await writeFile(at('image'), await tarOf(await severalPlatforms()))
  const { code, err } = await run('image', 'arm64')
  expect(code).toBe(2)
  expect(err).toMatch(/--platform/)
})

async function onlyIndex(): Promise<TarRecord> {
  const { manifest } = await imageFor('arm64')
  return { name: 'index.json', content: JSON.stringify({ schemaVersion: 2, manifests: [manifest] }) }
}
