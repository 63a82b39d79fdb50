import { ByteReader } from '../byte-reader.ts'
import { type ArchiveFile, tarBytes } from './archive-file.ts'
import { parseTarHeader } from './tar-header.ts'
import { zipComment } from './zip-comment.ts'

/** Bytes. No commit's id makes a longer header. */
const longestHeader = 1024

/**
 * The commit that `git archive` made an archive of, as forges do: a tar begins with a PAX header for all of it that carries
 * its id, a zip has it as its comment. Null for what others pack; gcloud writes neither.
 *
 * @throws what the archive's `fail` makes, when it is cut off.
 */
export async function commitOfArchive(file: ArchiveFile): Promise<string | null> {
  return file.format === 'zip' ? commitOfZip(file) : commitOfTar(file)
}

async function commitOfTar(file: ArchiveFile): Promise<string | null> {
  await using reader = new ByteReader(tarBytes(file))
  const block = await reader.take(512)
  const header = block.length === 512 ? parseTarHeader(block) : null
  if (header?.type !== 'g' || header.size > longestHeader) return null
  const records = (await reader.take(header.size)).toString('latin1')
  return /^\d+ comment=([0-9a-f]{40}|[0-9a-f]{64})\n$/m.exec(records)?.[1] ?? null
}

async function commitOfZip(file: ArchiveFile): Promise<string | null> {
  const comment = (await zipComment(file)).toString('latin1')
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(comment) ? comment : null
}
