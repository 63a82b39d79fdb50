import type Docker from 'dockerode'
import { baseName, joinPath, type Path, parentPath, relativePath, rootPath } from '../../model/path.ts'
import type { Entry } from '../../model/source.ts'
import { readTar } from '../archive/tar.ts'
import { type Fail, failureOfImage } from '../failure.ts'
import { type ContainerImage, idleContainer, removeLeftovers } from './container.ts'
import { lookUpIn } from './container-files.ts'
import { ask, type Engine, sent } from './engine.ts'
import { entryOf } from './layer.ts'

/** An image that an engine holds, and what to look at in it. */
export interface FoldersOfImage {
  readonly engine: Engine
  readonly image: ContainerImage
  /** What the user calls the image. */
  readonly reference: string
  /** Folders with all that is in them, and files. */
  readonly paths: readonly Path[]
  readonly signal: AbortSignal
}

/**
 * What stands at some paths of an image, in a container of it that is never started, and that is gone when this ends, however it
 * ends. Nothing for a path that is not there, or that a symbolic link leads to: it would be told under another name.
 *
 * @throws VerifierError when the engine does not answer or stops midway; the signal's reason when that gives up.
 */
export async function* folderEntries(
  { engine, image, reference, paths, signal }: FoldersOfImage,
  only: ReadonlySet<Path> | undefined,
): AsyncGenerator<Entry> {
  signal.throwIfAborted()
  const cleared = removeLeftovers(engine.docker)
  cleared.catch(() => undefined) // told below, if nothing else is
  const absent = 'the container engine does not show its files; pass --layers'
  const asked = { subject: reference, verb: 'show the files of', absent }
  await using idle = await ask(engine, asked, () => idleContainer(engine.docker, image))
  const isThere = lookAround(idle.container, signal)
  const fail = failureOfImage(reference)
  // Not one after the other: each is a question that the engine takes its time for.
  const standing = await Promise.all(paths.map(isThere))
  for (const path of paths.filter((_, i) => standing[i])) {
    const tar = sent(engine, asked, () => archiveOf(idle.container, path, signal))
    const place = placeBelow(path, fail)
    for await (const record of readTar(tar, { fail, endMayBeMissing: false })) {
      signal.throwIfAborted()
      const entry = entryOf(record, 0, fail, place)
      if (only === undefined || only.has(entry.path)) yield entry
    }
  }
  await cleared
}

/** Ends with the signal's reason when that gives up. */
async function archiveOf(container: Docker.Container, path: Path, signal: AbortSignal): Promise<NodeJS.ReadableStream> {
  const stream = (await container.getArchive({ path: `/${path}` })) as NodeJS.ReadableStream & {
    destroy(error: Error): void
  }
  const giveUp = () => stream.destroy(signal.reason)
  signal.addEventListener('abort', giveUp)
  stream.on('close', () => signal.removeEventListener('abort', giveUp))
  if (signal.aborted) giveUp()
  return stream
}

/** An engine names what it sends from the last component of what it was asked for. */
function placeBelow(asked: Path, fail: Fail): (sent: Path) => Path {
  const sentAs = baseName(asked) as Path
  return sent => {
    const below = relativePath(sentAs, sent)
    if (below === null) throw fail('the container engine shows other files than it was asked for; pass --layers')
    return joinPath(asked, below)
  }
}

/** Whether a path is there, and no link on the way; asks for each directory once. */
function lookAround(container: Docker.Container, signal: AbortSignal): (path: Path) => Promise<boolean> {
  const lookUp = lookUpIn(container, signal)
  const known = new Map<Path, Promise<boolean>>([[rootPath, Promise.resolve(true)]])
  async function ask(path: Path): Promise<boolean> {
    const found = (await isThere(parentPath(path))) ? await lookUp(`/${path}`) : null
    return found !== null && found.kind !== 'symlink'
  }
  function isThere(path: Path): Promise<boolean> {
    const answer = known.get(path) ?? ask(path)
    known.set(path, answer)
    return answer
  }
  return isThere
}
