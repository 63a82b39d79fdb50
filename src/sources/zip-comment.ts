import { open } from 'node:fs/promises'
import type { ArchiveFile } from './archive-file.ts'

const endSignature = Buffer.from('PK\x05\x06')
const endSize = 22
const longestComment = 0xffff

/** What stands behind the end record of a zip, and ends the file; null where it does not end there: it is cut off or goes on. */
export async function zipComment({ name, size, fail }: ArchiveFile): Promise<Buffer | null> {
  const handle = await open(name).catch(cause => {
    throw fail('it cannot be opened any more; see that it stays where it is', { cause })
  })
  try {
    const end = Buffer.alloc(Math.min(size, endSize + longestComment))
    await handle.read(end, 0, end.length, size - end.length)
    for (let at = end.length - endSize; at >= 0; at--) {
      at = end.lastIndexOf(endSignature, at)
      if (at < 0) return null
      if (at + endSize + end.readUInt16LE(at + 20) === end.length) return end.subarray(at + endSize)
    }
    return null
  } finally {
    await handle.close()
  }
}
