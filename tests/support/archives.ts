import { gzipSync } from 'node:zlib'
import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js'
import { type TarRecord, tarOf } from './images.ts'
import type { Files } from './repository.ts'

export { tarOf } from './images.ts'

/** A gzipped tar of these files or records, in their order. */
export async function tgzOf(content: Files | readonly TarRecord[]): Promise<Buffer> {
  return gzipSync(await tarOf(content))
}

export interface ZipOptions {
  /** Encrypts every member. */
  readonly password?: string
  /** 0 stores. */
  readonly level?: number
  readonly zip64?: boolean
}

/** A zip of these files, in their order; a name that ends in `/` is a directory. */
export async function zipOf(files: Files, options: ZipOptions = {}): Promise<Buffer> {
  const zip = new ZipWriter(new Uint8ArrayWriter(), {
    ...options,
    useWebWorkers: false,
    lastModDate: new Date(2026, 0),
  })
  for (const [name, content] of Object.entries(files)) {
    const isDirectory = name.endsWith('/')
    await zip.add(name, isDirectory ? undefined : new Uint8ArrayReader(Buffer.from(content)), {
      directory: isDirectory,
    })
  }
  return Buffer.from(await zip.close())
}
