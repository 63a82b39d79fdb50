import { createHash, randomBytes } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { type Pack, pack } from 'tar-stream'

/** Where an image keeps the source, and how many files of it there are. */
export const source = { folder: 'srv/app', files: 4000 } as const

/** What is random is taken from here: it packs as badly as programs do, and takes no time to make. */
const noise = randomBytes(8 * 1024 * 1024)

/** Layers that are written once, for images that differ in the last one. */
export interface Base {
  readonly layers: readonly Layer[]
}

interface Layer {
  readonly file: string
  /** Hex. */
  readonly sha256: string
}

/** Programs, and packages with their bytecode: 26,000 files, about 1 GB. */
export async function writeBase(folder: string): Promise<Base> {
  const system = await writeLayer(join(folder, 'system.tar'), tar => {
    for (let i = 0; i < 12_000; i++) add(tar, `usr/lib/d${i % 300}/lib${i}.so`, piece(i, 25_000))
    for (let i = 0; i < 60; i++) add(tar, `usr/lib/large${i}.so`, piece(i, 8_000_000))
  })
  const packages = await writeLayer(join(folder, 'packages.tar'), tar => {
    for (let i = 0; i < 7000; i++) {
      const directory = `usr/local/lib/python3.11/site-packages/p${i % 200}`
      add(tar, `${directory}/m${i}.py`, Buffer.from(`x = ${i}  # a line of a package\n`.repeat(500)))
      add(tar, `${directory}/__pycache__/m${i}.cpython-311.pyc`, piece(i, 12_000))
    }
  })
  return { layers: [system, packages] }
}

/** An image as `docker save` writes it; `line` stands in one of its sources. */
export async function writeImage(file: string, { layers }: Base, reference: string, line: string): Promise<void> {
  const sources = await writeLayer(`${file}.sources`, tar => {
    for (let i = 0; i < source.files; i++) {
      const text = `x = ${i}\n`.repeat(300) + (i === 17 ? line : '')
      add(tar, `${source.folder}/p${i % 80}/m${i}.py`, Buffer.from(text))
    }
  })
  const all = [...layers, sources]
  const diffIds = all.map(({ sha256 }) => `sha256:${sha256}`)
  const rootfs = { type: 'layers', diff_ids: diffIds }
  const config = JSON.stringify({ architecture: 'amd64', os: 'linux', config: { Cmd: ['/none'] }, rootfs })
  const name = `${createHash('sha256').update(config).digest('hex')}.json`
  const image = pack()
  const written = pipeline(image, createWriteStream(file))
  for (const { file: layer, sha256 } of all) {
    const { size } = await stat(layer)
    await pipeline(createReadStream(layer), image.entry({ name: `${sha256}/layer.tar`, size }))
  }
  image.entry({ name }, config)
  const layerFiles = all.map(({ sha256 }) => `${sha256}/layer.tar`)
  image.entry({ name: 'manifest.json' }, JSON.stringify([{ Config: name, RepoTags: [reference], Layers: layerFiles }]))
  image.finalize()
  await written
}

async function writeLayer(file: string, fill: (tar: Pack) => void): Promise<Layer> {
  const tar = pack()
  fill(tar)
  tar.finalize()
  const hash = createHash('sha256')
  await pipeline(
    tar,
    async function* (chunks: AsyncIterable<unknown>) {
      for await (const chunk of chunks as AsyncIterable<Buffer>) {
        hash.update(chunk)
        yield chunk
      }
    },
    createWriteStream(file),
  )
  return { file, sha256: hash.digest('hex') }
}

function add(tar: Pack, name: string, content: Buffer): void {
  tar.entry({ name, mtime: new Date(1_700_000_000_000) }, content)
}

function piece(seed: number, size: number): Buffer {
  const start = (seed * 7919) % (noise.length - Math.min(size, noise.length - 1))
  return noise.subarray(start, start + size)
}
