import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { image } from '../../../src/sources/image/image.ts'
import { saveImage } from '../../support/images.ts'
import { testNeeding } from '../../support/needs.ts'
import { temporaryFolder } from '../../support/temporary.ts'
import { failureOf, listEntries } from './reading-image.ts'

const here = { name: 'image', directory: '.', environment: {}, platform: null }

test('a file is read as a tar, whatever it is called', async () => {
  await using folder = await temporaryFolder()
  const file = join(folder.path, 'python')
  await saveImage(file, [{ 'a.py': '1' }])
  const source = await image(file, { ...here, name: 'cloud' })
  expect(source.stage).toMatchObject({ name: 'cloud', kind: 'docker-archive' })
  expect(await listEntries(source)).toEqual(['0 file a.py 1'])
})

test('a relative path starts where it is said, and messages call the file as the user did', async () => {
  await using folder = await temporaryFolder()
  await saveImage(join(folder.path, 'python.tar'), [{ 'a.py': '1' }])
  await writeFile(join(folder.path, 'text'), 'hello')
  const search = { ...here, directory: folder.path }
  expect((await image('python.tar', search)).stage.kind).toBe('docker-archive')
  await expect(image('text', search)).rejects.toThrow('cannot read the image "text": it is cut off')
})

testNeeding({ name: 'device files', present: process.platform !== 'win32' })('a device is refused', async () => {
  expect(await failureOf(image('/dev/zero', here))).toMatch(/^it is no regular file, .* save it to a file$/)
})

test.each(['./none.tar', '../none.tar', '/none/none.tar', 'none folder/none.tar', 'none\\none.tar', ''])(
  'what is no file and no reference either: %j',
  async path => expect(await failureOf(image(path, here))).toBe('there is no such file'),
)

test.each(['python', 'python:3.11-alpine3.19', 'localhost:5000/team/app@sha256:00', 'none.tar'])(
  'what is no file is asked of the engine: %s',
  async reference => {
    await using folder = await temporaryFolder()
    const environment = { DOCKER_HOST: `unix://${join(folder.path, 'none.sock')}` }
    await expect(image(reference, { ...here, environment })).rejects.toMatchObject({
      code: 'engine-failed',
      message: expect.stringContaining('no container engine answers at unix://'),
    })
  },
)
