import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { Agent } from 'node:http'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { engineAddress } from '../../../src/sources/image/image-engine-address.ts'
import { temporaryFolder } from '../../support/temporary.ts'

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
  [{ DOCKER_HOST: 'ssh://me@host:2222' }, { protocol: 'http', host: 'host', agent: expect.any(Agent) }],
])('%j', async (environment, options) => {
  expect((await engineAddress(environment)).options).toEqual(options)
})

test('an address of ssh is connected to by ssh, and Node has nothing to warn of', async () => {
  let greeting = ''
  const server = createServer(socket => {
    socket.once('data', data => {
      greeting = String(data)
      socket.destroy()
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { readonly port: number }
  const program = ['--import', 'tsx', 'src/cli/bin.ts', '--image', 'firstbreak-nowhere:latest']
  const env = { DOCKER_HOST: `ssh://me@127.0.0.1:${port}`, SSH_AUTH_SOCK: undefined, NODE_OPTIONS: '' }
  const { stderr, exitCode } = await execa(process.execPath, program, { env, reject: false })
  server.close()
  expect(greeting).toMatch(/^SSH-2\.0-/)
  expect(exitCode).toBe(2)
  expect(stderr).toMatch(/^firstbreak: .*no container engine answers at ssh:\/\/me@127\.0\.0\.1/)
})

test('without DOCKER_HOST, where engines listen on this system', async () => {
  const { title, options } = await engineAddress({})
  expect(title).toMatch(/^(?:unix:\/\/\/.+\/docker\.sock|npipe:\/\/\/\/\.\/pipe\/docker_engine)$/)
  expect(options.socketPath).toBe(title.replace(/^(?:unix|npipe):\/\//, ''))
})

test('certificates', async () => {
  await using folder = await temporaryFolder()
  const environment = { DOCKER_HOST: 'tcp://host:2376', DOCKER_CERT_PATH: folder.path }
  await expect(engineAddress(environment)).rejects.toThrow(
    /cannot read the certificates for the container engine: ENOENT/,
  )
  for (const name of ['ca', 'cert', 'key']) await writeFile(join(folder.path, `${name}.pem`), name)
  const { options } = await engineAddress(environment)
  expect([options.ca, options.cert, options.key].map(String)).toEqual(['ca', 'cert', 'key'])
})

test.each(['nonsense://', 'tcp://a b'])('no address: %s', async host => {
  await expect(engineAddress({ DOCKER_HOST: host })).rejects.toThrow(/which is no address of a container engine$/)
})

/** A folder of the docker command with these contexts, of which `current` is in use. */
async function contextsIn(folder: string, contexts: Readonly<Record<string, object>>, current?: string): Promise<void> {
  await writeFile(join(folder, 'config.json'), JSON.stringify({ auths: {}, currentContext: current }))
  for (const [Name, endpoint] of Object.entries(contexts)) {
    const meta = join(folder, 'contexts', 'meta', createHash('sha256').update(Name).digest('hex'))
    await mkdir(meta, { recursive: true })
    await writeFile(join(meta, 'meta.json'), JSON.stringify({ Name, Metadata: {}, Endpoints: { docker: endpoint } }))
  }
}

test('a docker context: the one that is named, else the one in use; DOCKER_HOST wins', async () => {
  await using folder = await temporaryFolder()
  const DOCKER_CONFIG = folder.path
  await contextsIn(folder.path, { desk: { Host: 'unix:///desk.sock' }, far: { Host: 'ssh://me@far' } }, 'desk')
  const host = async (environment: object) => (await engineAddress({ DOCKER_CONFIG, ...environment })).title
  expect(await host({})).toBe('unix:///desk.sock')
  expect(await host({ CONTAINER_HOST: 'unix:///podman.sock' })).toBe('unix:///desk.sock')
  expect(await host({ DOCKER_CONTEXT: 'far' })).toBe('ssh://me@far')
  expect(await host({ DOCKER_CONTEXT: 'far', DOCKER_HOST: 'unix:///own.sock' })).toBe('unix:///own.sock')
  expect(await host({ DOCKER_CONTEXT: 'default', CONTAINER_HOST: 'unix:///podman.sock' })).toBe('unix:///podman.sock')
})

test('a docker context with certificates of its own', async () => {
  await using folder = await temporaryFolder()
  await contextsIn(folder.path, { far: { Host: 'tcp://far:1234' } }, 'far')
  const environment = { DOCKER_CONFIG: folder.path }
  expect((await engineAddress(environment)).options).toMatchObject({ protocol: 'http', host: 'far', port: '1234' })
  const tls = join(folder.path, 'contexts', 'tls', createHash('sha256').update('far').digest('hex'), 'docker')
  await mkdir(tls, { recursive: true })
  for (const name of ['ca', 'cert', 'key']) await writeFile(join(tls, `${name}.pem`), name)
  const { options } = await engineAddress(environment)
  expect([options.protocol, ...[options.ca, options.cert, options.key].map(String)]).toEqual([
    'https',
    'ca',
    'cert',
    'key',
  ])
})

test.each([
  ['none', {}, /^cannot use the docker context "none": there is none of that name; see docker context ls/],
  ['none', { none: {} }, /: it tells no Host; /],
  ['none', { none: { Host: 'tcp://a', SkipTLSVerify: true } }, /: it asks for TLS that is not verified/],
  ['none', { none: { Host: 'ftp://a' } }, /^the docker context "none" is "ftp:\/\/a", which is no address/],
])('a docker context that cannot be used: %s %j', async (name, contexts, message) => {
  await using folder = await temporaryFolder()
  await contextsIn(folder.path, contexts, name)
  await expect(engineAddress({ DOCKER_CONFIG: folder.path })).rejects.toThrow(message)
})

test('a Podman of the user, where nothing else listens', async () => {
  await using folder = await temporaryFolder()
  await mkdir(join(folder.path, 'podman'))
  await writeFile(join(folder.path, 'podman', 'podman.sock'), '')
  const { title } = await engineAddress({ DOCKER_CONFIG: folder.path, XDG_RUNTIME_DIR: folder.path })
  expect(title).toMatch(/docker\.sock$|podman\/podman\.sock$/)
})
