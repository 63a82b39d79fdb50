import type Docker from 'dockerode'
import type { ImageFile, LookUp } from '../../model/held-image.ts'
import { readTar } from '../archive/tar.ts'
import { engineFailure } from '../failure.ts'

/** Bytes. */
const longestBeginning = 64 * 1024

/** Bits of Go's os.FileMode, which engines tell: https://pkg.go.dev/io/fs#FileMode */
const [symlinkBit, otherBits] = [2 ** 27, 2 ** 31 + 2 ** 26 + 2 ** 25 + 2 ** 24 + 2 ** 21 + 2 ** 19]

/** Looks at the files of a container, running or not, without unpacking any. */
export function lookUpIn(container: Docker.Container, signal: AbortSignal): LookUp {
  return async path => {
    signal.throwIfAborted()
    const found = await statusOf(container, path)
    if (found === null) return null
    const { mode, linkTarget } = found
    const has = (bits: number) => Math.floor(mode / 2 ** 19) & Math.floor(bits / 2 ** 19)
    if (has(symlinkBit)) return { kind: 'symlink', target: linkTarget }
    if (has(otherBits)) return { kind: 'other' }
    return { kind: 'file', isExecutable: (mode & 0o111) !== 0, beginning: () => beginningOf(container, path) }
  }
}

/** Null when nothing is there. */
async function statusOf(container: Docker.Container, path: string) {
  try {
    const response = (await container.infoArchive({ path })) as { headers: Record<string, unknown>; resume(): void }
    const { headers } = response
    // It has no body; until its end is read, its connection stays open and the process with it.
    response.resume()
    const text = Buffer.from(String(headers['x-docker-container-path-stat']), 'base64').toString()
    const { mode, linkTarget } = JSON.parse(text) as { mode?: unknown; linkTarget?: unknown }
    if (typeof mode !== 'number' || typeof linkTarget !== 'string') throw new Error('it says nothing of a file')
    return { mode, linkTarget }
  } catch (error) {
    const { statusCode, message } = error as Error & { readonly statusCode?: number }
    // Not there, below a file, or behind links that lead in circles.
    if (statusCode !== undefined) return null
    throw engineFailure(`the container engine does not show what is in an image: ${message}`, { cause: error })
  }
}

async function beginningOf(container: Docker.Container, path: string): ReturnType<FileOf['beginning']> {
  const tar = (await container.getArchive({ path })) as NodeJS.ReadableStream & { destroy(): void }
  const fail = (problem: string) => engineFailure(`the container engine does not show ${path}: ${problem}`)
  try {
    for await (const entry of readTar(tar as AsyncIterable<Uint8Array>, { fail, endMayBeMissing: false })) {
      const pieces: Uint8Array[] = []
      let size = 0
      for await (const piece of entry.body()) {
        pieces.push(piece)
        size += piece.length
        if (size >= longestBeginning) break
      }
      return Buffer.concat(pieces).subarray(0, longestBeginning)
    }
    return new Uint8Array()
  } finally {
    tar.destroy()
  }
}

type FileOf = Extract<ImageFile, { kind: 'file' }>
