import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { execa } from 'execa'
import { expect } from 'vitest'
import { dockerEngine } from '../../../src/sources/image/docker-engine.ts'
import { needsEngine } from '../../support/engine.ts'
import { imageRecords, sha256, type TarRecord } from '../../support/images.ts'
import { testNeeding } from '../../support/needs.ts'
import { listEntries } from './reading-image.ts'

/** As much of a registry as it takes to pull one image. */
async function registryOf(records: readonly TarRecord[]) {
  const blobs = new Map(
    records.flatMap(({ name, content }) =>
      /^blobs\/sha256\/./.test(name) ? [[`sha256:${name.slice('blobs/sha256/'.length)}`, Buffer.from(content!)]] : [],
    ),
  )
  const server = createServer(({ url = '' }, response) => {
    const [, kind, digest = ''] = /\/(manifests|blobs)\/(.*)$/.exec(url) ?? []
    const blob = blobs.get(digest)
    if (kind !== undefined && blob === undefined) response.statusCode = 404
    if (kind === 'manifests') response.setHeader('Content-Type', 'application/vnd.oci.image.manifest.v1+json')
    response.setHeader('Content-Length', blob?.length ?? 0).end(blob)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, host: `127.0.0.1:${(server.address() as AddressInfo).port}` }
}

testNeeding(needsEngine)('an image that was pulled by its digest, and has no tag', async () => {
  const text = `# ${randomUUID()}`
  const records = await imageRecords([{ 'srv/a.py': text }], { layout: 'oci' })
  const index = JSON.parse(String(records.find(({ name }) => name === 'index.json')!.content))
  const { digest } = index.manifests[0]
  const { server, host } = await registryOf(records)
  const pulled = `${host}/team/app@${digest}`
  try {
    await execa('docker', ['pull', '--quiet', pulled])
    const config = records.find(({ content }) => String(content).includes('"diff_ids"'))!.content!
    const id = `sha256:${sha256(config)}`
    for (const reference of [pulled, `${host}/team/app:v1@${digest}`, id, id.slice('sha256:'.length, 20)]) {
      const source = await dockerEngine(reference, 'image', process.env)
      expect(source.stage.reference).toBe(id)
      expect(await listEntries(source)).toEqual([`0 file srv/a.py ${text}`])
      expect(await source.manifestDigests!()).toEqual([{ repository: `${host}/team/app`, digest }])
    }
    const other = `${host}/team/app@sha256:${'0'.repeat(64)}`
    await expect(dockerEngine(other, 'image', process.env)).rejects.toThrow('holds no such image')
  } finally {
    await execa('docker', ['rmi', '--force', pulled], { reject: false })
    server.close()
  }
})
