import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import type { HeldImage } from '../../../src/model/held-image.ts'
import { dockerEngine } from '../../../src/sources/image/docker-engine.ts'
import { type ImageWorkshop, imageWorkshop, needsEngine } from '../../support/engine.ts'
import { containersOf } from '../../support/leftovers.ts'
import { needsNative } from '../../support/native.ts'
import { testNeeding } from '../../support/needs.ts'

const needs = [needsEngine, needsNative('3.11')]
const test = testNeeding(...needs)
const python = '/usr/local/bin/python3'

let workshop: ImageWorkshop
let reference: string
let held: HeldImage

beforeAll(async () => {
  if (!needs.every(({ present }) => present)) return
  workshop = imageWorkshop()
  const dockerfile = `FROM ${await workshop.base('3.11')}\nVOLUME /data\nVOLUME /cache\nHEALTHCHECK CMD ["/none"]\nENV A=1 PYTHONPATH=/app\nENTRYPOINT ["/none"]\nCOPY . /app\n`
  reference = await workshop.build(dockerfile, { 'json.py': 'raise SystemError\n', 'large.txt': 'x'.repeat(200_000) })
  held = await hold(reference)
})
afterAll(() => workshop?.[Symbol.asyncDispose]())

async function hold(name: string): Promise<HeldImage> {
  const source = await dockerEngine(name, 'image', process.env)
  return source.hold!(new AbortController().signal)
}

/** What the image's Python prints. */
async function printed(code: string): Promise<string> {
  const running = await held.program(python)(['-I', '-S', '-B', '-c', code])
  const [out] = await Promise.all([text(running.stdout), running.gone])
  await running.end()
  return out.trim()
}

/** What comes of a statement, as the name of an exception; `done` where none. */
const attempted = (statement: string) =>
  printed(`
import os, socket, resource, sys
try:
    ${statement}
    print('done')
except BaseException as error:
    print(type(error).__name__, getattr(error, 'errno', ''))
`)

describe('a program of an image', () => {
  test('reads what is written to it, and ends with its stdin', async () => {
    const running = await held.program(python)([
      '-c',
      'import sys\nfor line in sys.stdin: print(len(line), flush=True)',
    ])
    running.stdin.write(`${'x'.repeat(100_000)}\n`)
    running.stdin.end('y\n')
    expect(await text(running.stdout)).toBe('100001\n2\n')
    expect(await running.gone).toBe('it ended with exit code 0')
    await running.end()
  })

  test('that hangs is ended, and can be ended twice', async () => {
    const running = await held.program(python)(['-c', 'while True: pass'])
    await Promise.all([running.end(), running.end()])
    expect(await running.gone).toMatch(/^it was killed/)
  })

  for (const [name, code, reason] of [
    ['takes too much memory', `x = bytearray(3 << 30)`, /^it was killed, as what takes too much memory is$/],
    ['fails', 'raise SystemExit(3)', /^it ended with exit code 3$/],
  ] as const) {
    test(`that ${name} says so`, async () => {
      const running = await held.program(python)(['-c', code])
      running.stdout.resume()
      expect(await running.gone).toMatch(reason)
    })
  }

  test('that is not there says so', async () => {
    const running = await held.program('/none')([])
    expect(await running.gone).toMatch(/^it could not be started: .*\/none/)
    await running.end()
  })

  for (const [name, statement, expected] of [
    ['the network', "socket.create_connection(('10.0.0.1', 80), 5)", 'OSError 101'],
    ['the file system', "open('/app/x', 'w')", /^OSError 30|PermissionError/],
    ['a volume of the image', "open('/data/x', 'w')", /^OSError 30|PermissionError/],
    ['shared memory', "open('/dev/shm/x', 'w')", 'FileNotFoundError 2'],
    ['another user', 'os.setuid(0)', 'PermissionError 1'],
  ] as const) {
    test(`may not use ${name}`, async () => expect(await attempted(statement)).toMatch(expected))
  }

  test('cannot have many processes, nor root', async () => {
    const said = await attempted(
      "[print(os.getuid(), os.getcwd())] + [os.fork() or __import__('time').sleep(2) for _ in range(50)]",
    )
    expect(said).toMatch(/^65534 \//)
    expect(said).toContain('BlockingIOError 11')
  })

  test('leaves no container behind', async () => {
    await printed('print(1)')
    expect(await containersOf(workshop.docker, reference)).toEqual([])
  })

  test('has its volumes covered, so that none is made', async () => {
    const mounts = await held.look(async () => {
      const [container] = await workshop.docker.listContainers({ all: true, filters: { ancestor: [reference] } })
      return (await workshop.docker.getContainer(container!.Id).inspect()).Mounts
    })
    expect(mounts.map(({ Type, Destination, RW }) => `${Type} ${Destination} ${RW}`).sort()).toEqual([
      'tmpfs /cache false',
      'tmpfs /data false',
    ])
  })
})

describe('the files of an image', () => {
  test('are looked at without being run', async () => {
    const found = await held.look(async lookUp => {
      const large = await lookUp('/app/large.txt')
      const size = large?.kind === 'file' ? (await large.beginning()).length : 0
      const [link, program, folder, none] = await Promise.all(
        ['/usr/local/bin/python', '/usr/local/bin/python3.11', '/app', '/none/none'].map(lookUp),
      )
      return { size, link, program, folder, none }
    })
    expect(found).toMatchObject({
      size: 65536,
      link: { kind: 'symlink', target: expect.stringMatching(/python3(\.11)?$/) },
      program: { kind: 'file', isExecutable: true },
      folder: { kind: 'other' },
      none: null,
    })
    expect(await containersOf(workshop.docker, reference)).toEqual([])
  })

  test('are no more looked at when that fails', async () => {
    await expect(held.look(() => Promise.reject(new Error('enough')))).rejects.toThrow('enough')
    expect(await containersOf(workshop.docker, reference)).toEqual([])
  })
})

test('a name that leads to another image by now is not run', async () => {
  const moving = await workshop.build(`FROM ${reference}\nCOPY json.py /a\n`, { 'json.py': '' })
  const source = await dockerEngine(moving, 'image', process.env)
  const [repo = '', tag = ''] = moving.split(':')
  await workshop.docker.getImage(reference).tag({ repo, tag })
  await expect(source.hold!(new AbortController().signal)).rejects.toThrow('it is another image by now; run again')
})
