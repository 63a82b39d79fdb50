import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import Docker from 'dockerode'
import { afterAll, beforeAll, expect } from 'vitest'
import { type Path, textOfName } from '../../../src/model/path.ts'
import type { Platform, Source } from '../../../src/model/source.ts'
import { engineImage } from '../../../src/sources/image/engine-image.ts'
import { parsePlatform } from '../../../src/sources/image/image-platform.ts'
import { drain } from '../../support/drain.ts'
import { needsEngine } from '../../support/engine.ts'
import { tarOf } from '../../support/images.ts'
import { containersOf } from '../../support/leftovers.ts'
import { testNeeding } from '../../support/needs.ts'
import { listEntries } from './reading-image.ts'

const test = testNeeding(needsEngine)
const docker = new Docker()
const [repo, tag] = ['firstbreak-test', randomUUID()] as const
const reference = `${repo}:${tag}`
const accented = `caf${String.fromCharCode(0xe9)}.py`

beforeAll(async () => {
  if (!needsEngine.present) return
  const tar = await tarOf([
    { name: 'srv/', type: 'directory' },
    { name: 'srv/app/', type: 'directory', mtime: new Date(1_700_000_000_000) },
    { name: 'srv/app/a.py', content: 'x = 1\n', mtime: new Date(1_700_000_000_000) },
    { name: 'srv/app/hard.py', type: 'link', linkname: 'srv/app/a.py' },
    { name: 'srv/app/soft.py', type: 'symlink', linkname: 'a.py' },
    { name: `srv/app/${'long/'.repeat(40)}a.py`, content: 'x = 2\n' },
    { name: 'srv/app/x.py', content: 'x = 3\n', pax: { path: 'srv/app/caf_.py' } },
    { name: 'srv/other.py', content: 'x = 4\n' },
    { name: 'link', type: 'symlink', linkname: 'srv' },
  ])
  tar.write(accented, tar.indexOf('caf_'), 'latin1')
  const imported = String(await buffer(await docker.importImage(Readable.from([tar]), { repo, tag })))
  expect(imported).not.toContain('"error"')
})
afterAll(() => (needsEngine.present ? docker.getImage(reference).remove({ force: true }) : undefined))

function open(signal = new AbortController().signal, platform: Platform | null = null) {
  return engineImage(reference, { name: 'image', environment: process.env, platform, signal })
}

test('its folders hold what its layers do', async () => {
  const { parts, image } = await open()
  const layers = await parts!.layers()
  expect(image.layers.map(({ diffId }) => diffId)).toEqual(layers.image.layers.map(({ diffId }) => diffId))
  // The tar that the image was made from names no folders above its files.
  const files = async (source: Source) =>
    (await listEntries(source)).filter(line => /^0 (?!directory).* srv\/app/.test(line))
  const shown = await files(parts!.at(['srv/app' as Path]))
  expect(shown.length).toBeGreaterThan(4)
  expect(shown.sort()).toEqual((await files(layers)).sort())
  const paths = (await drain(parts!.at(['srv/app' as Path]).entries())).map(({ path }) => path)
  expect(paths).toContain(`srv/app/${textOfName(Buffer.from(accented, 'latin1'))}`)
  expect(await containersOf(docker, reference)).toEqual([])
})

test('a file, what is not there, and what a link leads to', async () => {
  const { parts } = await open()
  const asked = ['srv/other.py', 'none', 'srv/none/a.py', 'link', 'link/other.py', 'srv/other.py/x'] as Path[]
  expect((await drain(parts!.at(asked).entries())).map(({ path }) => path)).toEqual(['srv/other.py'])
  const only = new Set(['srv/app/soft.py' as Path])
  expect((await drain(parts!.at(['srv' as Path]).entries(only))).map(({ path }) => path)).toEqual([...only])
})

test('who gives up, or stops reading, leaves no container behind', async () => {
  const giveUp = new AbortController()
  const { parts } = await open(giveUp.signal)
  for await (const _ of parts!.at(['srv' as Path]).entries()) break
  expect(await containersOf(docker, reference)).toEqual([])
  const reason = new Error('stopped')
  const reading = (async () => {
    for await (const _ of parts!.at(['srv' as Path]).entries()) giveUp.abort(reason)
  })()
  await expect(reading).rejects.toThrow(/stopped/)
  expect(await containersOf(docker, reference)).toEqual([])
  await expect(drain(parts!.at(['srv' as Path]).entries())).rejects.toThrow(reason)
})

test('an image of another platform than asked for is looked for among its layers', async () => {
  const { parts, remarks } = await open(undefined, parsePlatform('linux/s390x'))
  expect(parts).toBeUndefined()
  expect(remarks).toEqual([expect.stringContaining('not for linux/s390x')])
})

test('an image that the engine does not hold', async () => {
  const search = { name: 'image', environment: process.env, platform: null, signal: new AbortController().signal }
  await expect(engineImage('firstbreak-test:none', search)).rejects.toMatchObject({
    code: 'image-unreadable',
    message: expect.stringContaining('the container engine holds no such image: pull or build it'),
  })
})
