import { open } from 'node:fs/promises'
import type { ArchiveFile } from './archive-file.ts'

const endSignature = Buffer.from('PK\x05\x06')
const endSize = 22
const longestComment = 0xffff

/**
 * What stands behind the end record of a zip. zip.js would take a comment that is cut off for a whole one.
 *
 * @throws what the archive's `fail` makes, when the file does not end with it.
 */
export async function zipComment({ name, size, fail }: ArchiveFile): Promise<Buffer> {
  const handle = await open(name).catch(cause => {
    throw fail('it cannot be opened any more; see that it stays where it is', { cause })
  })
  try {
    const end = Buffer.alloc(Math.min(size, endSize + longestComment))
    await handle.read(end, 0, end.length, size - end.length)
    for (let at = end.length - endSize; at >= 0; at--) {
      at = end.lastIndexOf(endSignature, at)
      if (at < 0) break
      if (at + endSize + end.readUInt16LE(at + 20) === end.length) return end.subarray(at + endSize)
    }
    throw fail('it is cut off, or something follows its end; download or make it again')
  } finally {
    await handle.close()
  }
}
