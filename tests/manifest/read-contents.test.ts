import { expect, test } from 'vitest'
import { readContents } from '../../src/manifest/read-contents.ts'
import { takeManifest } from '../../src/manifest/take-manifest.ts'
import type { Path } from '../../src/model/path.ts'
import type { Source } from '../../src/model/source.ts'
import { drain } from '../support/drain.ts'
import { commitStage, imageStage, memorySource, uploadStage } from '../support/memory-source.ts'

async function holding(source: Source) {
  return { source, manifest: await takeManifest(source, 'sha1') }
}

test('each content once, from the first stage that holds it', async () => {
  const commit = await holding(
    memorySource(commitStage, [
      ['a.py', 'a'],
      ['copy.py', 'a'],
      ['b.py', 'b'],
    ]),
  )
  const upload = await holding(
    memorySource(uploadStage, [
      ['a.py', 'a'],
      ['b.py', 'changed'],
    ]),
  )
  const wanted = new Set(
    [commit, upload].flatMap(({ manifest }) => [...manifest.python.values()].map(({ sha256 }) => sha256)),
  )
  const contents = await drain(readContents(wanted, [commit, upload]))
  expect(contents.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(['a', 'b', 'changed'])
})

test('a file of a lower layer, and one that is only a link to a file of another name', async () => {
  const link = { kind: 'hardlink', target: 'data.bin' as Path } as const
  const image = await holding(
    memorySource(
      imageStage,
      [
        ['data.bin', 'linked'],
        ['a.py', 'low'],
      ],
      [
        ['b.py', link],
        ['a.py', 'high'],
      ],
    ),
  )
  const wanted = new Set([...image.manifest.python.values()].map(({ sha256 }) => sha256))
  const contents = await drain(readContents(wanted, [image]))
  expect(contents.map(({ bytes }) => Buffer.from(bytes).toString()).sort()).toEqual(['high', 'linked'])
})

test('a file that changed after it was hashed is said by name', async () => {
  const { manifest } = await holding(memorySource(uploadStage, [['app/a.py', 'before']]))
  const changed = { manifest, source: memorySource(uploadStage, [['app/a.py', 'after']]) }
  const wanted = new Set([...manifest.python.values()].map(({ sha256 }) => sha256))
  await expect(drain(readContents(wanted, [changed]))).rejects.toMatchObject({
    code: 'source-changed',
    message: expect.stringContaining('"app/a.py"'),
  })
})
