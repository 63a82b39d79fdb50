import { joinPath, type Path, parentPath, rootPath } from '../model/path.ts'

/** The bytes of a file of the repository; null when there is no such file. */
export type ReadFile = (path: Path) => Promise<Uint8Array | null>

export interface ProjectFile {
  readonly path: Path
  readonly bytes: Uint8Array
}

/** What a file was found to declare, and what was seen in it and not used. */
export interface Reading<T> {
  readonly value: T | null
  readonly remarks: readonly string[]
}

/** The files called `name` in `directory` and the directories above it, up to the repository's root; the nearest first. */
export async function* filesUpwards(read: ReadFile, directory: Path, name: string): AsyncGenerator<ProjectFile> {
  for (let at = directory; ; at = parentPath(at)) {
    const path = joinPath(at, name)
    const bytes = await read(path)
    if (bytes !== null) yield { path, bytes }
    if (at === rootPath) return
  }
}

/** The first of `filesUpwards`; null when there is none. */
export async function nearestFile(read: ReadFile, directory: Path, name: string): Promise<ProjectFile | null> {
  for await (const file of filesUpwards(read, directory, name)) return file
  return null
}

/** Text of a file as part of a sentence: in quotes, on one line, and not longer than a reader cares for. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 79)}…` : text)
}
