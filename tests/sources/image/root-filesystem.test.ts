import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { gzipSync } from 'node:zlib'
import Docker from 'dockerode'
import { expect, test } from 'vitest'
import { dockerArchive } from '../../../src/sources/image/docker-archive.ts'
import { sha256, type TarRecord, tarOf } from '../../support/images.ts'
import { testNeeding } from '../../support/needs.ts'
import { temporaryFolder } from '../../support/temporary.ts'
import { failureOf, listEntries } from './reading-image.ts'

const engine = { name: 'a container engine (DOCKER_HOST)', present: Boolean(process.env.DOCKER_HOST) }

const system: readonly TarRecord[] = [
  { name: './', type: 'directory' },
  { name: './bin', type: 'symlink', linkname: 'usr/bin' },
  { name: './etc/', type: 'directory' },
  { name: './etc/passwd', content: 'root' },
]

test('what an exported tar holds, with no layer but itself', async () => {
  await using folder = await temporaryFolder()
  const records: TarRecord[] = [
    ...system,
    { name: './srv/main.py', content: 'x = 1\n' },
    { name: './srv/.wh.main.py', content: 'y = 1\n' },
    { name: './srv/hard.py', type: 'link', linkname: './srv/main.py' },
  ]
  const tar = await tarOf(records)
  for (const bytes of [tar, gzipSync(tar)]) {
    const file = join(folder.path, 'root.tar')
    await writeFile(file, bytes)
    const source = await dockerArchive(file, 'cloud')
    const digest = `sha256:${sha256(tar)}`
    expect(source.stage).toEqual({ name: 'cloud', place: 'image', kind: 'root-filesystem', reference: digest })
    expect(source.image).toMatchObject({ layers: [{ diffId: digest, createdBy: null }], platform: null, command: [] })
    expect(source.remarks).toEqual([
      'cloud is a root filesystem: which layers it had, and what it starts and with which settings, is not known',
    ])
    expect((await listEntries(source)).slice(-3)).toEqual([
      '0 file srv/main.py x = 1',
      '0 file srv/.wh.main.py y = 1',
      '0 hardlink srv/hard.py srv/main.py',
    ])
  }
})

test.each<[string, readonly TarRecord[]]>([
  ['no settings', [{ name: 'usr/bin/python3' }, { name: 'app/main.py' }]],
  ['no system', [{ name: 'etc/passwd' }, { name: 'app/main.py' }]],
  ['a source', [{ name: 'app/main.py' }, { name: 'app/etc/usr' }]],
])('a tar with %s is none', async (_name, records) => {
  await using folder = await temporaryFolder()
  const file = join(folder.path, 'image.tar')
  await writeFile(file, await tarOf(records))
  expect(await failureOf(dockerArchive(file, 'image'))).toMatch(/^it holds neither manifest\.json nor index\.json/)
})

test('one that is cut off, changed meanwhile, or leads out', async () => {
  await using folder = await temporaryFolder()
  const file = join(folder.path, 'image.tar')
  const tar = await tarOf([...system, { name: 'srv/main.py', content: 'x = 1\n' }])
  await writeFile(file, tar)
  const source = await dockerArchive(file, 'image')
  tar[tar.indexOf('x = 1')] = 0x79
  await writeFile(file, tar)
  expect(await failureOf(listEntries(source))).toMatch(/^it is not what its digest sha256:[0-9a-f]{64} says/)
  await truncate(file, tar.length - 1024)
  expect(await failureOf(dockerArchive(file, 'image').then(cut => listEntries(cut)))).toMatch(/^it is cut off/)
  await writeFile(file, await tarOf([...system, { name: 'srv/../../x.py' }]))
  const outside = dockerArchive(file, 'image').then(hostile => listEntries(hostile))
  expect(await failureOf(outside)).toMatch(/^the entry "srv\/\.\.\/\.\.\/x\.py" leads out of the image/)
})

testNeeding(engine)('what an engine exports', async () => {
  await using folder = await temporaryFolder()
  const [docker, file] = [new Docker(), join(folder.path, 'root.tar')]
  const [repo, tag] = ['firstbreak-test', randomUUID()]
  const tar = await tarOf([{ name: 'srv/main.py', content: 'x = 1\n' }])
  await buffer(await docker.importImage(Readable.from([tar]), { repo, tag }))
  try {
    const container = await docker.createContainer({ Image: `${repo}:${tag}`, Cmd: ['/none'] })
    await pipeline(await container.export(), createWriteStream(file)).finally(() => container.remove())
  } finally {
    await docker.getImage(`${repo}:${tag}`).remove({ force: true })
  }
  const source = await dockerArchive(file, 'image')
  expect(source.stage.kind).toBe('root-filesystem')
  expect(await listEntries(source)).toContain('0 file srv/main.py x = 1')
})
