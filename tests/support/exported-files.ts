import { buffer } from 'node:stream/consumers'
import type Docker from 'dockerode'
import { extract } from 'tar-stream'
import { sha256 } from './images.ts'

/**
 * What the engine shows of a container, read with tar-stream: the sha256 of each file's bytes, and of each symlink's text, by
 * path.
 */
export async function exportedFiles(
  container: Docker.Container,
  isWanted: (path: string) => boolean,
): Promise<Map<string, string>> {
  const all = new Map<string, string>()
  for await (const entry of (await container.export()).pipe(extract())) {
    const { name, type, linkname } = entry.header
    const body = await buffer(entry)
    if (type === 'file') all.set(name, sha256(body))
    else if (type === 'symlink') all.set(name, sha256(linkname!))
    else if (type === 'link') all.set(name, all.get(linkname!)!)
  }
  return new Map([...all].filter(([path]) => isWanted(path)))
}
