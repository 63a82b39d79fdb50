import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import Docker from 'dockerode'
import { execa } from 'execa'
import { extract } from 'tar-stream'
import { describe, expect, test } from 'vitest'
import { textOfName } from '../../../src/model/path.ts'
import type { Source } from '../../../src/model/source.ts'
import { dockerArchive } from '../../../src/sources/image/docker-archive.ts'
import { dockerEngine } from '../../../src/sources/image/docker-engine.ts'
import { drain } from '../../support/drain.ts'
import { imageRecords, type LayerContent, sha256, type TarRecord, tarOf } from '../../support/images.ts'
import { testNeeding } from '../../support/needs.ts'
import { temporaryFolder } from '../../support/temporary.ts'
import { listEntries } from './reading-image.ts'

const engine = { name: 'a container engine (DOCKER_HOST)', present: Boolean(process.env.DOCKER_HOST) }
const skopeo = { name: 'skopeo', present: (await execa('skopeo', ['--version'], { reject: false })).exitCode === 0 }

/** The files and links of a tree by path: sha256 or target. */
type Tree = Map<string, string>

/** What is left of an image's layers when they are laid over one another. */
async function mergedTree(source: Source): Promise<Tree> {
  const layers: { hidden: string[]; emptied: string[]; held: Map<string, string | { hardlink: string }> }[] = []
  for await (const entry of source.entries()) {
    while (layers.length <= entry.layer) layers.push({ hidden: [], emptied: [], held: new Map() })
    const { hidden, emptied, held } = layers[entry.layer]!
    if (entry.kind === 'whiteout') hidden.push(entry.path)
    else if (entry.kind === 'opaque') emptied.push(entry.path)
    else if (entry.kind === 'file') held.set(entry.path, sha256(Buffer.concat(await drain(entry.body()))))
    else if (entry.kind === 'symlink') held.set(entry.path, `-> ${Buffer.from(entry.target)}`)
    else if (entry.kind === 'hardlink') held.set(entry.path, { hardlink: entry.target })
  }
  const tree: Tree = new Map()
  for (const { hidden, emptied, held } of layers) {
    for (const path of tree.keys()) {
      const isHidden = hidden.some(name => path === name || path.startsWith(`${name}/`))
      if (isHidden || emptied.some(name => path.startsWith(`${name}/`))) tree.delete(path)
    }
    for (const [path, what] of held) tree.set(path, typeof what === 'string' ? what : tree.get(what.hardlink)!)
  }
  return tree
}

/** What the engine shows in a container of the image, read with tar-stream. */
async function exportedTree(docker: Docker, reference: string): Promise<Tree> {
  const container = await docker.createContainer({ Image: reference, Cmd: ['/none'] })
  try {
    const tree: Tree = new Map()
    for await (const entry of (await container.export()).pipe(extract())) {
      const { name, type, linkname } = entry.header
      const body = await buffer(entry)
      if (type === 'file') tree.set(name, sha256(body))
      else if (type === 'symlink') tree.set(name, `-> ${linkname}`)
      else if (type === 'link') tree.set(name, tree.get(linkname!)!)
    }
    return tree
  } finally {
    await container.remove({ force: true })
  }
}

/** The engine adds its own files at the top and in /etc, so only these folders are compared. */
function comparable(tree: Tree): string[] {
  const lines = [...tree].map(([path, what]) => `${path.toWellFormed()} ${what}`)
  return lines.filter(line => /^(?:srv|data)\//.test(line)).sort()
}

/** An engine's images, which are removed with their containers when it goes out of scope. */
function workbench(docker: Docker) {
  const references: string[] = []
  return {
    newReference() {
      const reference = `firstbreak-test:${randomUUID()}`
      references.push(reference)
      return reference
    },
    async [Symbol.asyncDispose]() {
      for (const reference of references.reverse()) await docker.getImage(reference).remove({ force: true })
    },
  }
}

const accented = `caf${String.fromCharCode(0xe9)}.py`

/** What an image starts from: all kinds of names, among them one whose bytes are no UTF-8. */
async function baseFiles(): Promise<Buffer> {
  const tar = await tarOf([
    { name: './data/', type: 'directory' },
    { name: './data/main.py', content: 'x = 1\n' },
    { name: './data/hard.py', type: 'link', linkname: './data/main.py' },
    { name: './data/soft.py', type: 'symlink', linkname: 'main.py' },
    { name: `./data/${'long/'.repeat(40)}a.py`, content: 'x = 2\n' },
    { name: './data/x.py', content: 'x = 3\n', pax: { path: './data/caf_.py' } },
  ])
  tar.write(accented, tar.indexOf('caf_'), 'latin1')
  return tar
}

const buildContext: readonly TarRecord[] = [
  { name: 'main.py', content: 'y = 1\n' },
  { name: 'package/__init__.py' },
  { name: 'package/big.py', content: `y = '${'x'.repeat(500_000)}'\n` },
]

/** Has the engine import `baseFiles` and build on it. */
async function build(docker: Docker, base: string, reference: string): Promise<void> {
  const [repo = '', tag = ''] = base.split(':')
  await finish(await docker.importImage(Readable.from([await baseFiles()]), { repo, tag }))
  const dockerfile = `FROM ${base}\nENV A=1 B="2=3"\nWORKDIR /srv/app\nCOPY . .\nLABEL a=b\nCOPY main.py /data/main.py\nCMD ["none"]\n`
  const context = await tarOf([{ name: 'Dockerfile', content: dockerfile }, ...buildContext])
  await finish(await docker.buildImage(Readable.from([context]), { t: reference }))
}

async function finish(progress: NodeJS.ReadableStream): Promise<void> {
  const text = (await buffer(progress)).toString()
  if (text.includes('"error"')) throw new Error(text)
}

testNeeding(engine)('an image that an engine built is what the engine shows of it', async () => {
  const docker = new Docker()
  await using bench = workbench(docker)
  const [base, reference] = [bench.newReference(), bench.newReference()]
  await build(docker, base, reference)
  const source = await dockerEngine(reference, 'image', process.env)

  const inspected = await docker.getImage(reference).inspect()
  expect(source.stage).toEqual({ name: 'image', place: 'image', kind: 'docker-engine', reference: inspected.Id })
  expect(source.image.layers.map(layer => layer.diffId)).toEqual(inspected.RootFS.Layers)
  expect(`/${source.image.workingDirectory}`).toBe(inspected.Config.WorkingDir)
  expect([...source.image.environment].map(setting => setting.join('='))).toEqual(inspected.Config.Env)
  const history: { readonly CreatedBy: string }[] = await docker.getImage(reference).history()
  const steps = history.map(step => step.CreatedBy).reverse()
  const copies = steps.filter(step => step.includes('COPY'))
  const instructions = source.image.layers.map(layer => layer.createdBy ?? '')
  expect(copies).toHaveLength(2)
  expect(instructions.filter(step => step.includes('COPY'))).toEqual(copies)
  expect(steps).toEqual(expect.arrayContaining(instructions))

  const tree = comparable(await mergedTree(source))
  expect(tree.length).toBeGreaterThan(7)
  expect(tree).toEqual(comparable(await exportedTree(docker, reference)))
  const paths = (await drain(source.entries())).map(entry => entry.path)
  expect(paths).toContain(textOfName(Buffer.from(`data/${accented}`, 'latin1')))
})

testNeeding(engine)('the same image, saved to a file', async () => {
  const docker = new Docker()
  await using bench = workbench(docker)
  await using folder = await temporaryFolder()
  const [base, reference] = [bench.newReference(), bench.newReference()]
  await build(docker, base, reference)
  const held = await dockerEngine(reference, 'image', process.env)
  const file = join(folder.path, 'image.tar')
  await pipeline(await docker.getImage(reference).get(), createWriteStream(file))
  const saved = await dockerArchive(file, 'image')
  expect(saved.image).toEqual(held.image)
  expect(saved.stage).toEqual({ ...held.stage, kind: 'docker-archive' })
  expect(await listEntries(saved)).toEqual(await listEntries(held))
})

testNeeding(engine, skopeo)('the same image, copied by skopeo', async () => {
  const docker = new Docker()
  await using bench = workbench(docker)
  await using folder = await temporaryFolder()
  const [base, reference] = [bench.newReference(), bench.newReference()]
  await build(docker, base, reference)
  const held = await dockerEngine(reference, 'image', process.env)
  for (const [transport, kind] of [
    ['oci-archive', 'oci-layout'],
    ['docker-archive', 'docker-archive'],
  ]) {
    const file = join(folder.path, `${transport}.tar`)
    const source = ['--src-daemon-host', process.env.DOCKER_HOST!, `docker-daemon:${reference}`]
    await execa('skopeo', ['--insecure-policy', 'copy', ...source, `${transport}:${file}`])
    const copied = await dockerArchive(file, 'image')
    expect(copied.stage.kind).toBe(kind)
    expect(copied.image.layers).toEqual(held.image.layers)
    expect((await listEntries(copied)).sort()).toEqual((await listEntries(held)).sort())
  }
})

const lower: LayerContent = [
  { name: 'data/', type: 'directory' },
  { name: 'data/kept.py', content: 'x = 1\n' },
  { name: 'data/gone.py', content: 'x = 2\n' },
  { name: 'data/tree/', type: 'directory' },
  { name: 'data/tree/gone.py', content: 'x = 3\n' },
  { name: 'data/emptied/', type: 'directory' },
  { name: 'data/emptied/gone.py', content: 'x = 4\n' },
]
const upper: LayerContent = [
  { name: 'data/.wh.gone.py' },
  { name: 'data/.wh.tree' },
  { name: 'data/emptied/', type: 'directory' },
  { name: 'data/emptied/.wh..wh..opq' },
  { name: 'data/emptied/new.py', content: 'x = 5\n' },
]

testNeeding(engine)('whiteouts hide what the engine hides', async () => {
  const docker = new Docker()
  await using bench = workbench(docker)
  for (const layout of ['legacy', 'docker'] as const) {
    const reference = bench.newReference()
    const tar = await tarOf(await imageRecords([lower, upper, lower, upper], { layout, tags: [reference] }))
    await finish(await docker.loadImage(Readable.from([tar])))
    const tree = comparable(await mergedTree(await dockerEngine(reference, 'image', process.env)))
    expect(tree.map(line => line.split(' ')[0])).toEqual(['data/emptied/new.py', 'data/kept.py'])
    expect(tree).toEqual(comparable(await exportedTree(docker, reference)))
  }
})

testNeeding(engine)('an image that the engine does not hold', async () => {
  await expect(dockerEngine('firstbreak-test:none', 'image', process.env)).rejects.toMatchObject({
    code: 'image-unreadable',
    message: expect.stringContaining('the container engine holds no such image: pull or build it'),
  })
})

/** A server that speaks as an engine does, and answers every request with `answer`. */
async function serve(answer: (response: ServerResponse, request: number) => void) {
  let requests = 0
  const server = createServer((_request, response) => answer(response, requests++)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    environment: { DOCKER_HOST: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}` },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

describe('an engine that fails', () => {
  test('there is none', async () => {
    const { environment, [Symbol.asyncDispose]: close } = await serve(() => {})
    await close()
    await expect(dockerEngine('python', 'image', environment)).rejects.toMatchObject({
      code: 'engine-failed',
      message: expect.stringMatching(/^no container engine answers at tcp:\/\/127\.0\.0\.1:\d+ \(.*ECONNREFUSED/),
    })
  })

  test.each([
    [404, '{"message":"No such image: python"}', /^cannot read the image "python": the container engine holds no such/],
    [500, '{"message":"disk full"}', /^the container engine does not save "python": .*disk full$/],
    [500, 'not JSON', /^the container engine does not save "python": .*not JSON$/],
  ])('it answers %i %s', async (status, body, message) => {
    await using engine = await serve(response => response.writeHead(status).end(body))
    await expect(dockerEngine('python', 'image', engine.environment)).rejects.toThrow(message)
  })

  test('it stops midway, in the first reading or in the second', async () => {
    const tar = await tarOf(await imageRecords([{ 'a.py': 'x'.repeat(500_000) }]))
    const stopped = /^the container engine stopped while it sent "python"; try again$/
    for (const healthy of [0, 1]) {
      await using engine = await serve((response, request) => {
        if (request < healthy) response.end(tar)
        else response.write(tar.subarray(0, 200_000), () => response.destroy())
      })
      const reading = dockerEngine('python', 'image', engine.environment).then(source => listEntries(source))
      await expect(reading).rejects.toMatchObject({ code: 'engine-failed', message: expect.stringMatching(stopped) })
    }
  })

  test('it ends its answer too early', async () => {
    const tar = await tarOf(await imageRecords([{ 'a.py': '1' }]))
    await using engine = await serve(response => response.end(tar.subarray(0, 2000)))
    await expect(dockerEngine('python', 'image', engine.environment)).rejects.toThrow('it is cut off; save it again')
  })
})
