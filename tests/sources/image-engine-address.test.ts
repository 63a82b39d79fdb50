import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { engineAddress } from '../../src/sources/image-engine-address.ts'
import { temporaryFolder } from '../support/temporary.ts'

test.each([
  [{ DOCKER_HOST: 'unix:///run/user/1/docker.sock' }, { protocol: 'http', socketPath: '/run/user/1/docker.sock' }],
  [{ DOCKER_HOST: 'npipe:////./pipe/docker' }, { protocol: 'http', socketPath: '//./pipe/docker' }],
  [{ DOCKER_HOST: 'tcp://10.0.0.1:2375' }, { protocol: 'http', host: '10.0.0.1', port: '2375' }],
  [{ DOCKER_HOST: 'tcp://10.0.0.1' }, { protocol: 'http', host: '10.0.0.1', port: 2375 }],
  [{ DOCKER_HOST: '10.0.0.1:4243' }, { protocol: 'http', host: '10.0.0.1', port: '4243' }],
  [{ DOCKER_HOST: 'tcp://host:2376' }, { protocol: 'https', host: 'host', port: '2376' }],
  [
    { DOCKER_HOST: 'tcp://host:1', DOCKER_TLS_VERIFY: '1' },
    { protocol: 'https', host: 'host', port: '1' },
  ],
  [
    { DOCKER_HOST: 'tcp://host', DOCKER_TLS_VERIFY: '' },
    { protocol: 'http', host: 'host', port: 2375 },
  ],
  [
    { DOCKER_HOST: 'ssh://me@host:2222', SSH_AUTH_SOCK: '/agent' },
    { protocol: 'ssh', host: 'host', port: '2222', username: 'me', sshOptions: { agent: '/agent' } },
  ],
])('%j', async (environment, options) => {
  expect((await engineAddress(environment)).options).toEqual(options)
})

test('without DOCKER_HOST, where engines listen on this system', async () => {
  const { title, options } = await engineAddress({})
  expect(title).toMatch(/^(?:unix:\/\/\/.+\/docker\.sock|npipe:\/\/\/\/\.\/pipe\/docker_engine)$/)
  expect(options.socketPath).toBe(title.replace(/^(?:unix|npipe):\/\//, ''))
})

test('certificates', async () => {
  await using folder = await temporaryFolder()
  const environment = { DOCKER_HOST: 'tcp://host:2376', DOCKER_CERT_PATH: folder.path }
  await expect(engineAddress(environment)).rejects.toThrow(/cannot read the certificates in DOCKER_CERT_PATH: ENOENT/)
  for (const name of ['ca', 'cert', 'key']) await writeFile(join(folder.path, `${name}.pem`), name)
  const { options } = await engineAddress(environment)
  expect([options.ca, options.cert, options.key].map(String)).toEqual(['ca', 'cert', 'key'])
})

test.each(['nonsense://', 'tcp://a b'])('no address: %s', async host => {
  await expect(engineAddress({ DOCKER_HOST: host })).rejects.toThrow(/which is no address of a container engine$/)
})
