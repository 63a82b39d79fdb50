import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { containerEngine, gcloudVersion, gitVersion } from '../../src/sources/tool-versions.ts'
import { testNeeding } from '../support/needs.ts'
import { needsLinux, writeProgram } from '../support/programs.ts'
import { temporaryFolder } from '../support/temporary.ts'

test('git', async () => {
  const { stdout } = await execa('git', ['--version'])
  const git = await gitVersion()
  expect(stdout).toContain('version' in git ? `git version ${git.version}` : git.absent)
})

testNeeding(needsLinux)('gcloud, as it says its version itself', async () => {
  await using folder = await temporaryFolder()
  const says = async (text: string) => {
    const program = join(folder.path, 'gcloud')
    await writeProgram(program, { says: text })
    return gcloudVersion(program)
  }
  expect(await says('Google Cloud SDK 528.0.0\nbq 2.1.18\ncore 2025.06.20\n')).toEqual({ version: '528.0.0' })
  expect(await says('something else\n')).toEqual({ absent: 'it does not say its version' })
  expect(await gcloudVersion(join(folder.path, 'gone'))).toEqual({ absent: 'not on PATH' })
})

test.each<[string, RequestListener, { readonly version: string } | { readonly absent: string }]>([
  ['its version', (_request, response) => response.end('{"Version":"27.1.1"}'), { version: '27.1.1' }],
  [
    'something else',
    (_request, response) => response.end('[]'),
    { absent: 'what answers there is no container engine' },
  ],
  ['no JSON', (_request, response) => response.end('<html>'), { absent: 'what answers there is no container engine' }],
  ['nothing', () => undefined, { absent: 'no answer within 0.5 s' }],
  [
    'a byte now and then',
    (request, response) => {
      const timer = setInterval(() => response.write(' '), 50)
      request.socket.once('close', () => clearInterval(timer))
    },
    { absent: 'no answer within 0.5 s' },
  ],
])('a container engine that answers with %s', async (_name, listener, expected) => {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  try {
    const address = `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`
    // A loaded machine takes its time to answer.
    const limit = 'absent' in expected && expected.absent.startsWith('no answer') ? 500 : 30_000
    expect(await containerEngine({ DOCKER_HOST: address }, limit)).toEqual({ address, ...expected })
  } finally {
    server.closeAllConnections()
    server.close()
  }
})

test('no container engine, and an address that is none', async () => {
  await using folder = await temporaryFolder()
  const address = `unix://${join(folder.path, 'docker.sock')}`
  const absent = expect.stringMatching(/^no answer \(.*ENOENT/)
  expect(await containerEngine({ DOCKER_HOST: address })).toEqual({ address, absent })
  expect(await containerEngine({ DOCKER_HOST: 'ftp://x' })).toMatchObject({ address: null })
})
