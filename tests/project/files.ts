import { type Path, parentPath, parsePath } from '../../src/model/path.ts'
import type { ProjectFile, ProjectFiles, ReadFile } from '../../src/project/project-file.ts'

/** Files of a repository, by path, as the room is handed them. */
export function reading(files: Readonly<Record<string, string>>): ReadFile {
  return async path => (Object.hasOwn(files, path) ? new TextEncoder().encode(files[path]) : null)
}

export function projectOf(files: Readonly<Record<string, string>>): ProjectFiles {
  const paths = Object.keys(files) as Path[]
  return { read: reading(files), list: async directory => paths.filter(path => parentPath(path) === directory) }
}

export function fileOf(path: string, content: string | Uint8Array): ProjectFile {
  return { path: parsePath(path)!, bytes: typeof content === 'string' ? new TextEncoder().encode(content) : content }
}
