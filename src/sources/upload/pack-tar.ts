import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { type Header, type Pack, pack } from 'tar-stream'
import { relativePath, textOfName } from '../../model/path.ts'
import type { Member } from './upload-members.ts'
import type { Upload } from './upload-walk.ts'

type PartialHeader = Partial<Header> & Pick<Header, 'name'>

/**
 * The .tgz that gcloud would make of these members, in their order: owned by root, each with a PAX header for its time and name.
 * The same members make the same bytes. All names must be UTF-8.
 *
 * @throws VerifierError when a file is not what it was when it was listed.
 */
export async function* packTgz(upload: Upload, members: readonly Member[]): AsyncGenerator<Uint8Array> {
  const gzip = createGzip({ level: 9 })
  const packing = pipeline(gathered(packTar(upload, members)), gzip)
  packing.catch(() => {}) // comes out of the loop below as well
  yield* gzip
  await packing
}

async function* packTar(upload: Upload, members: readonly Member[]): AsyncGenerator<Uint8Array> {
  const tar = pack()
  const filling = fill(tar, upload, members).catch(error => tar.destroy(error))
  yield* tar as AsyncIterable<Buffer>
  await filling
}

/** In pieces that are worth compressing: a tar comes in several for each member, most of them a block long. */
async function* gathered(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = []
  let size = 0
  for await (const piece of pieces) {
    held.push(piece)
    size += piece.length
    if (size < smallFile) continue
    yield Buffer.concat(held)
    held = []
    size = 0
  }
  yield Buffer.concat(held)
}

async function fill(tar: Pack, upload: Upload, members: readonly Member[]): Promise<void> {
  for (const member of members) {
    const header = headerOf(upload, member)
    if (member.record.kind !== 'file') tar.entry(header)
    else if (member.record.size > smallFile) await pipeline(member.record.body(), tar.entry(header))
    else await addAtOnce(tar, header, await buffer(member.record.body()))
  }
  tar.finalize()
}

/** Bytes. To stream each file of a tree would take several times as long. */
const smallFile = 256 * 1024

async function addAtOnce(tar: Pack, header: PartialHeader, bytes: Buffer): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    tar.entry(header, bytes, error => (error ? reject(error) : resolve()))
  })
}

function headerOf(upload: Upload, { path, described, record }: Member): PartialHeader {
  const header = {
    name: path,
    // With the bits for the kind of file: a mode of 0 would count as none.
    mode: described.mode,
    uname: 'root',
    gname: 'root',
    mtime: new Date(Math.min(Math.max(described.mtimeMs, 0), latest)),
    pax: { mtime: seconds(described.mtimeMs) },
  }
  switch (record.kind) {
    case 'file':
      return { ...header, type: 'file', size: record.size }
    case 'symlink':
      return { ...header, type: 'symlink', linkname: textOfName(record.target) }
    case 'hardlink':
      return { ...header, type: 'link', linkname: relativePath(upload.directory, record.target)! }
    case 'directory':
      return { ...header, type: 'directory', name: `${path}/` }
    default:
      return { ...header, type: 'fifo' }
  }
}

/** Milliseconds; tar-stream cannot write a later one into the header itself. */
const latest = (2 ** 31 - 1) * 1000

/** As a PAX header has them: no exponent, and as precise as Node knows them. */
function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(7).replace(/\.?0+$/, '')
}
