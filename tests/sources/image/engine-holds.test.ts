import { expect, test } from 'vitest'
import { engineHolds } from '../../../src/sources/image/engine-holds.ts'
import { buildImage, needsEngine } from '../../support/engine.ts'
import { testNeeding } from '../../support/needs.ts'

testNeeding(needsEngine)('an image that is there, and one that is not', async () => {
  await using image = await buildImage({ Dockerfile: 'FROM scratch\nCOPY a.py .\n', 'a.py': 'x = 1\n' })
  expect(await engineHolds(image.reference, process.env)).toBe(true)
  expect(await engineHolds(`${image.reference}-not`, process.env)).toBe(false)
  expect(await engineHolds(`firstbreak-test@sha256:${'0'.repeat(64)}`, process.env)).toBe(false)
})

test('without an engine, nothing is held', async () => {
  expect(await engineHolds('python:3.11', { DOCKER_HOST: 'unix:///nowhere.sock' })).toBe(false)
  expect(await engineHolds('python:3.11', { DOCKER_HOST: 'no address' })).toBe(false)
})
