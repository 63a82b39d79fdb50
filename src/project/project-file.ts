import { joinPath, type Path, parentPath, rootPath } from '../model/path.ts'
import { quoted } from '../model/quoted.ts'

/** The bytes of a file of the repository; null when there is no such file. */
export type ReadFile = (path: Path) => Promise<Uint8Array | null>

/** What a project is read through, whatever medium holds it. */
export interface ProjectFiles {
  readonly read: ReadFile
  /** The paths of the files directly in a directory, in any order; empty when there is no such directory. */
  readonly list: (directory: Path) => Promise<readonly Path[]>
}

export interface ProjectFile {
  readonly path: Path
  readonly bytes: Uint8Array
}

/** What a file was found to declare, and what was seen in it and not used. */
export interface Reading<T> {
  readonly value: T | null
  readonly remarks: readonly string[]
}

/** `directory`, and those above it up to the repository's root. */
export function directoriesUpwards(directory: Path): readonly Path[] {
  return directory === rootPath ? [rootPath] : [directory, ...directoriesUpwards(parentPath(directory))]
}

/** The files called `name` in `directory` and the directories above it, up to the repository's root; the nearest first. */
export async function* filesUpwards(read: ReadFile, directory: Path, name: string): AsyncGenerator<ProjectFile> {
  for (const at of directoriesUpwards(directory)) {
    const path = joinPath(at, name)
    const bytes = await read(path)
    if (bytes !== null) yield { path, bytes }
  }
}

/** A line of a file. */
export interface Line {
  readonly text: string
  /** `setup.cfg:3`. */
  readonly from: string
}

/** The lines of a file that should be UTF-8, whatever ends them. */
export function linesOf({ path, bytes }: ProjectFile): readonly Line[] {
  const lines = new TextDecoder().decode(bytes).split(/\r\n|\r|\n/)
  return lines.map((text, index) => ({ text, from: `${path}:${index + 1}` }))
}

/** Where `text` is written, as `project.toml:4`; without the line where it stands in none or in several. */
export function placeOfText(file: ProjectFile, text: string): string {
  const lines = linesOf(file).filter(line => line.text.includes(text) && !line.text.trimStart().startsWith('#'))
  return lines.length === 1 ? lines[0]!.from : file.path
}

/** Text of a file as part of a sentence: in quotes, on one line, and not longer than a reader cares for. */
export function quotedText(text: string): string {
  return quoted(text.length > 80 ? `${text.slice(0, 79)}…` : text)
}
