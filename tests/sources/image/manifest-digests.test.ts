import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { dockerEngine } from '../../../src/sources/image/docker-engine.ts'
import { blobRecord, imageRecords, type Layout, ociIndex, sha256, type TarRecord, tarOf } from '../../support/images.ts'
import { imageIn } from './reading-image.ts'

const layers = [{ 'a.py': '1' }]

async function digestsIn(records: readonly TarRecord[]) {
  const tar = await tarOf(records)
  return (await imageIn(() => tar)).manifestDigests!()
}

/** What the index of these records leads to. */
function indexed(records: readonly TarRecord[]): string {
  return JSON.parse(String(records.find(({ name }) => name === 'index.json')!.content)).manifests[0].digest
}

test.each<[Layout, boolean]>([
  ['legacy', false],
  ['docker', true],
  ['oci', true],
])('an image in the layout %s knows its manifest: %s', async (layout, known) => {
  const records = await imageRecords(layers, { layout })
  expect(await digestsIn(records)).toEqual(known ? [{ repository: null, digest: indexed(records) }] : [])
})

test('an index within the index counts as well', async () => {
  const records = await imageRecords(layers, { layout: 'oci' })
  const inner = Buffer.from(String(records.find(({ name }) => name === 'index.json')!.content))
  const rest = records.filter(({ name }) => name !== 'index.json')
  const nested = [...rest, blobRecord(inner), ociIndex([{ manifest: inner, tag: 'example' }])]
  expect((await digestsIn(nested)).map(({ digest }) => digest)).toEqual([indexed(records), `sha256:${sha256(inner)}`])
})

test('an index of another image, or one that leads nowhere, proves nothing of the one that is read', async () => {
  const records = await imageRecords(layers, { layout: 'docker' })
  const rest = records.filter(({ name }) => name !== 'index.json')
  const other = await imageRecords([{ 'b.py': '2' }], { layout: 'docker' })
  const strangers = other.filter(
    ({ name }) => /^blobs\/sha256\/|^index\.json$/.test(name) && !rest.some(r => r.name === name),
  )
  expect(await digestsIn([...strangers, ...rest])).toEqual([])
  expect(await digestsIn([ociIndex([{ manifest: Buffer.from('gone'), tag: 'example' }]), ...rest])).toEqual([])
})

test('an engine tells under which digests registries know an image', async () => {
  const tar = await tarOf(await imageRecords(layers))
  const digest = `sha256:${'a'.repeat(64)}`
  const RepoDigests = [`europe-docker.pkg.dev/demo/app/api@${digest}`, `localhost:5000/api@${digest}`, 'damaged', 5]
  const server = createServer((request, response) =>
    response.end(request.url?.endsWith('/json') ? JSON.stringify({ Id: 'x', RepoDigests }) : tar),
  ).listen(0, '127.0.0.1')
  try {
    await once(server, 'listening')
    const environment = { DOCKER_HOST: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}` }
    const image = await dockerEngine('api', 'image', environment)
    expect(await image.manifestDigests!()).toEqual([
      { repository: 'europe-docker.pkg.dev/demo/app/api', digest },
      { repository: 'localhost:5000/api', digest },
    ])
  } finally {
    server.closeAllConnections()
    server.close()
  }
})
