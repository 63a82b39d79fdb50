import type { Path } from '../../src/model/path.ts'
import { textOfName } from '../../src/model/path.ts'
import type { Entry, Source } from '../../src/model/source.ts'

/** Every entry as one line: `file app.py = x = 1\n`, `symlink a -> b`, `directory d`. Sorted. */
export async function lines(source: Source, only?: readonly string[]): Promise<string[]> {
  const found: string[] = []
  for await (const entry of source.entries(only && new Set(only as Path[]))) found.push(await line(entry))
  return found.sort()
}

async function line(entry: Entry): Promise<string> {
  switch (entry.kind) {
    case 'file':
      return `file ${entry.path} = ${textOfName(await bytesOf(entry.body()))}`
    case 'symlink':
      return `symlink ${entry.path} -> ${textOfName(entry.target)}`
    case 'hardlink':
      return `hardlink ${entry.path} -> ${entry.target}`
    case 'gitlink':
      return `gitlink ${entry.path} @ ${entry.commit}`
    default:
      return `${entry.kind} ${entry.path}`
  }
}

export async function bytesOf(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** Goes over all entries and reads no body. */
export async function pathsOf(source: Source): Promise<string[]> {
  const paths: string[] = []
  for await (const { path } of source.entries()) paths.push(path)
  return paths.sort()
}
