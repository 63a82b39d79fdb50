import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { pack } from 'tar-stream'
import type { Files } from './repository.ts'

/** One record of a tar; a file unless it says otherwise. */
export interface TarRecord {
  readonly name: string
  readonly content?: string | Uint8Array
  readonly type?: 'file' | 'link' | 'symlink' | 'directory' | 'fifo' | 'character-device' | 'block-device'
  readonly linkname?: string
  /** 1970 unless told. */
  readonly mtime?: Date
  readonly mode?: number
  readonly pax?: Readonly<Record<string, string>>
}

/** A layer by its files, by its records in their order, or as the bytes of a tar. */
export type LayerContent = Files | readonly TarRecord[] | Buffer

/**
 * How an image is laid out in its tar: as `docker save` up to version 24 (`legacy`), from 25 on (`docker`: blobs by digest and a
 * manifest.json) or as `skopeo copy … oci-archive:` (`oci`: no manifest.json).
 */
export type Layout = 'legacy' | 'docker' | 'oci'

export interface ImageOptions {
  readonly layout?: Layout
  /** `created_by` of each layer, lowest first; `COPY layer-<index> .` where none is given. */
  readonly instructions?: readonly string[]
  readonly workingDirectory?: string
  /** `NAME=value`. */
  readonly environment?: readonly string[]
  readonly tags?: readonly string[]
  /** What becomes of a layer's tar before it is stored; its diff id is of the tar. */
  readonly compress?: (tar: Buffer) => Buffer
  /** Put over the configuration, for one that is not as it should be. */
  readonly configuration?: Readonly<Record<string, unknown>>
}

/** Writes an image to `file`, with real digests. */
export async function saveImage(
  file: string,
  layers: readonly LayerContent[],
  options: ImageOptions = {},
): Promise<void> {
  await writeFile(file, await tarOf(await imageRecords(layers, options)))
}

/** The records of the tar of an image, for a test to change; the manifest is the last one. */
export async function imageRecords(
  layers: readonly LayerContent[],
  options: ImageOptions = {},
): Promise<readonly TarRecord[]> {
  const { layout = 'legacy', compress = tar => tar, tags = ['example:latest'] } = options
  const tars = await Promise.all(layers.map(layer => (Buffer.isBuffer(layer) ? layer : tarOf(layer))))
  const config = Buffer.from(JSON.stringify(configurationOf(tars.map(sha256), options)))
  const blobs = tars.map(compress)
  if (layout === 'legacy') {
    const directories = blobs.map((blob, index) => sha256(`${index}${sha256(blob)}`))
    const configName = `${sha256(config)}.json`
    return [
      ...blobs.flatMap((content, index) => [
        { name: `${directories[index]}/`, type: 'directory' } as const,
        { name: `${directories[index]}/VERSION`, content: '1.0' },
        { name: `${directories[index]}/json`, content: '{}' },
        { name: `${directories[index]}/layer.tar`, content },
      ]),
      { name: configName, content: config },
      dockerManifest(
        configName,
        directories.map(directory => `${directory}/layer.tar`),
        tags,
      ),
    ]
  }
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      config: descriptorOf('application/vnd.oci.image.config.v1+json', config),
      layers: blobs.map(blob => descriptorOf('application/vnd.oci.image.layer.v1.tar', blob)),
    }),
  )
  return [
    { name: 'blobs/', type: 'directory' },
    { name: 'blobs/sha256/', type: 'directory' },
    ...distinct([...blobs, config, manifest]).map(blobRecord),
    { name: 'oci-layout', content: '{"imageLayoutVersion":"1.0.0"}' },
    ociIndex(tags.map(tag => ({ manifest, tag }))),
    ...(layout === 'oci' ? [] : [dockerManifest(blobName(config), blobs.map(blobName), tags)]),
  ]
}

export function dockerManifest(config: string, layers: readonly string[], tags: readonly string[]): TarRecord {
  return { name: 'manifest.json', content: JSON.stringify([{ Config: config, RepoTags: tags, Layers: layers }]) }
}

/** An `index.json` over manifests and what they are called. */
export function ociIndex(images: readonly { readonly manifest: Buffer; readonly tag: string }[]): TarRecord {
  const manifests = images.map(({ manifest, tag }) => ({
    ...descriptorOf('application/vnd.oci.image.manifest.v1+json', manifest),
    annotations: { 'org.opencontainers.image.ref.name': tag },
  }))
  return { name: 'index.json', content: JSON.stringify({ schemaVersion: 2, manifests }) }
}

function descriptorOf(mediaType: string, blob: Buffer): Readonly<Record<string, unknown>> {
  return { mediaType, digest: `sha256:${sha256(blob)}`, size: blob.length }
}

export function blobRecord(content: Buffer): TarRecord {
  return { name: blobName(content), content }
}

function blobName(blob: Buffer): string {
  return `blobs/sha256/${sha256(blob)}`
}

function distinct(blobs: readonly Buffer[]): readonly Buffer[] {
  return [...new Map(blobs.map(blob => [sha256(blob), blob])).values()]
}

function configurationOf(digests: readonly string[], options: ImageOptions): unknown {
  const { instructions = [], workingDirectory = '', environment = [], configuration = {} } = options
  return {
    architecture: 'amd64',
    os: 'linux',
    config: { Env: environment, WorkingDir: workingDirectory },
    rootfs: { type: 'layers', diff_ids: digests.map(digest => `sha256:${digest}`) },
    history: digests.map((_, index) => ({ created_by: instructions[index] ?? `COPY layer-${index} .` })),
    ...configuration,
  }
}

/** 64 hex digits. */
export function sha256(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** A tar of these records, in their order, ended by two zero blocks. */
export async function tarOf(content: Files | readonly TarRecord[]): Promise<Buffer> {
  const records = isRecords(content)
    ? content
    : Object.entries(content).map(([name, bytes]) => ({ name, content: bytes }))
  const tar = pack()
  for (const { content: bytes = '', ...header } of records) {
    tar.entry({ mtime: new Date(0), ...header }, Buffer.from(bytes as Uint8Array))
  }
  tar.finalize()
  const chunks: Buffer[] = []
  for await (const chunk of tar) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

function isRecords(content: Files | readonly TarRecord[]): content is readonly TarRecord[] {
  return Array.isArray(content)
}
