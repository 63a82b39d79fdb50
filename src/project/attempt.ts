import { VerifierError } from '../model/errors.ts'
import { joinPath, type Path } from '../model/path.ts'
import type { Placed } from './declarations.ts'
import { directoriesUpwards, type ProjectFile, type ReadFile, type Reading } from './project-file.ts'

/** What is read of the files of one name. */
export interface Reader<T> {
  readonly name: string
  /** @throws VerifierError when it cannot be parsed. */
  readonly read: (file: ProjectFile) => Reading<T>
}

/** Reads a file that nobody asked for: that it cannot be read is said and stops nothing. Null when it is not there. */
export async function attempt<T>(
  read: ReadFile,
  path: Path,
  parse: Reader<T>['read'],
): Promise<Reading<Placed<T>> | null> {
  try {
    const bytes = await read(path)
    return bytes === null ? null : placed(parse({ path, bytes }), path)
  } catch (error) {
    if (error instanceof VerifierError) return { value: null, remarks: [error.message] }
    throw error
  }
}

/** What each reader makes of the nearest file of its name, in `directory` or above it; the nearest first, then as the readers are listed. */
export async function nearestOfEach<T>(
  read: ReadFile,
  directory: Path,
  readers: readonly Reader<T>[],
): Promise<Reading<Placed<T>>[]> {
  const found = new Map<Reader<T>, Reading<Placed<T>>>()
  for (const at of directoriesUpwards(directory)) {
    for (const reader of readers.filter(each => !found.has(each))) {
      const reading = await attempt(read, joinPath(at, reader.name), reader.read)
      if (reading !== null) found.set(reader, reading)
    }
  }
  return [...found.values()]
}

/** A reading that says which file it is of. */
export function placed<T>({ value, remarks }: Reading<T>, path: Path): Reading<Placed<T>> {
  return { value: value === null ? null : { ...value, path }, remarks }
}
