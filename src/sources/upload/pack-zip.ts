import { Readable } from 'node:stream'
import { ZipFile } from 'yazl'
import type { Member } from './upload-members.ts'

/**
 * The .zip that gcloud would make of these members, in their order. The same members make the same bytes in the same time zone.
 * All times must be of 1980 to 2107.
 *
 * @throws VerifierError when a file is not what it was when it was listed.
 */
export async function* packZip(members: readonly Member[]): AsyncGenerator<Uint8Array> {
  const zip = new ZipFile()
  const output = zip.outputStream as Readable
  const fail = (error: Error) => output.destroy(error)
  zip.on('error', fail)
  for (const { path, record, described } of members) {
    const options = { mode: described.mode, mtime: described.mtime, forceDosTimestamp: true }
    if (record.kind !== 'file') zip.addEmptyDirectory(path, options)
    else {
      const { size, body } = record
      zip.addReadStreamLazy(path, { ...options, size }, done => done(null, Readable.from(body()).on('error', fail)))
    }
  }
  zip.end()
  yield* output
}
