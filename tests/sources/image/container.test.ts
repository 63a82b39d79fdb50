import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Docker from 'dockerode'
import { expect, test } from 'vitest'
import { containerImage, removeLeftovers } from '../../../src/sources/image/container.ts'

test('what a killed run left behind is removed by a later one, and what another is at work with is not', async () => {
  const seconds = Math.floor(Date.now() / 1000)
  const containers = [
    { Id: 'old', Created: seconds - 3 * 3600 },
    { Id: 'young', Created: seconds - 3600 },
  ]
  const requests: string[] = []
  const server = createServer(({ method, url = '' }, response) => {
    requests.push(`${method} ${decodeURIComponent(url)}`)
    response.end(method === 'GET' ? JSON.stringify(containers) : '')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    const { port } = server.address() as AddressInfo
    await removeLeftovers(new Docker({ protocol: 'http', host: '127.0.0.1', port }))
  } finally {
    server.closeAllConnections()
    server.close()
  }
  expect(requests).toEqual([
    expect.stringMatching(/^GET \/containers\/json\?.*firstbreak=1/),
    expect.stringMatching(/^DELETE \/containers\/old\?/),
  ])
})

test.each([
  ['', '65534:65534'],
  ['root', '65534:65534'],
  ['0:0', '65534:65534'],
  ['app', 'app'],
  ['1000:1000', '1000:1000'],
])('of an image whose user is %j, programs run as %s', (user, expected) => {
  const { options } = containerImage({ Id: 'sha256:0', Config: { User: user } } as Docker.ImageInspectInfo)
  expect(options(['/bin/python']).User).toBe(expected)
})
